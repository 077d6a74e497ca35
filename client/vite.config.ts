import { defineConfig } from "vite";

const server = process.env.RENDEZVOUS ?? "http://localhost:5000";
const proxy = {
  "/socket.io": { target: server, ws: true },
  "/ice_servers": server,
  "/challenge": server,
  "/topics": server,
  // The page itself is at /chat/; the root is the server's.
  "^/$": server,
};

export default defineConfig({
  base: "/chat/",
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // because the policy allows no data: but for pictures
    reportCompressedSize: false, // because tools/size.js tells it
  },
  server: { proxy },
  preview: { proxy },
});
