/** Bytes for people: "812 B", "1.2 KiB", "34 MiB". Above a byte, two digits or more. */
export function byteSize(bytes: number): string {
  if (bytes < 1024) return `${String(bytes)} B`;
  let size = bytes;
  for (const unit of ['KiB', 'MiB', 'GiB']) {
    size /= 1024;
    // 1023.6 is 1024 when rounded, so 1.0 of the next unit.
    if (size < 1023.5) return `${digits(size)} ${unit}`;
  }
  return `${digits(size / 1024)} TiB`;
}

function digits(size: number): string {
  return size < 9.95 ? size.toFixed(1) : String(Math.round(size));
}
