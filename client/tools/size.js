// Add up the built JavaScript as it travels, and fail above what the first load may weigh.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST = 60_000;
const folder = new URL("../dist/assets/", import.meta.url);
const sizes = readdirSync(folder)
  .filter((name) => name.endsWith(".js"))
  .map((name) => [name, gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);

for (const [name, size] of sizes) console.log(`${name}: ${size} bytes gzipped`);
console.log(`JavaScript: ${total} of at most ${MOST} bytes gzipped`);
if (total > MOST) process.exit(1);
