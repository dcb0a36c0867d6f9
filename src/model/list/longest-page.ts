/**
 * The longest page the server has given, to any walk: a shorter one can be the end of a list, not just a capped page.
 * The cap is one setting for the whole server (API_Upper_Count_Limit), so walks share what they learn.
 */
export interface LongestPage {
  rows: number;
}
