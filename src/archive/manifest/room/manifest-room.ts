/** A room as manifests name it. */
export interface ManifestRoom {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}
