// node healthcheck.js <url>
// Exits 0 where the server answers with 2xx, else 1: the image has no curl.
const response = await fetch(process.argv[2]).catch(() => null);
process.exitCode = response?.ok === true ? 0 : 1;
