/** Before the first character of a text in UTF-8, for Excel, which takes it for another encoding otherwise. */
export const byteOrderMark = '\ufeff';
