// Runs in every page before its own scripts, and notes what a test could not see from outside.
"use strict";
window.witness = { connections: [], violations: [], executed: [], shift: 0, tones: 0 };

window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...options) {
    super(...options);
    window.witness.connections.push(this);
  }
};

const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  if (this.context.state === "running") window.witness.tones += 1;
  return start.apply(this, when);
};

document.addEventListener("securitypolicyviolation", (event) => {
  window.witness.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});

new PerformanceObserver((list) => {
  for (const { value } of list.getEntries()) window.witness.shift += value;
}).observe({ type: "layout-shift", buffered: true });

// What the call that is connected says about itself, or null without one.
window.witness.call = async () => {
  const open = window.witness.connections.filter((one) => one.connectionState === "connected");
  if (!open.length) return null;
  const all = new Map([...(await open.at(-1).getStats())]);
  const stats = [...all.values()];
  const video = stats.find((each) => each.type === "inbound-rtp" && each.kind === "video");
  const transport = stats.find((each) => each.type === "transport");
  const pair = all.get(transport?.selectedCandidatePairId);
  return {
    number: window.witness.connections.indexOf(open.at(-1)),
    decoded: video?.framesDecoded ?? 0,
    local: all.get(pair?.localCandidateId)?.candidateType ?? null,
    remote: all.get(pair?.remoteCandidateId)?.candidateType ?? null,
    offered: stats.filter((each) => each.type === "local-candidate").map((each) => each.address),
    told: stats.filter((each) => each.type === "remote-candidate").map((each) => each.address),
  };
};

// The mean colour of what the video with this label shows now, or null without a picture.
window.witness.picture = (label) => {
  const video = document.querySelector(`video[aria-label="${label}"]`);
  if (!video?.videoWidth || video.classList.contains("hidden")) return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [8, 8];
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 8, 8);
  const { data } = context.getImageData(0, 0, 8, 8);
  const mean = (channel) =>
    data.filter((_, index) => index % 4 === channel).reduce((sum, value) => sum + value, 0) / 64;
  return [mean(0), mean(1), mean(2)];
};

// Every address that this browser could be reached at.
window.witness.addresses = async () => {
  const connection = new RTCPeerConnection();
  connection.createDataChannel("");
  const found = new Set();
  const done = new Promise((resolve) => {
    connection.onicecandidate = ({ candidate }) =>
      candidate?.address ? found.add(candidate.address) : resolve();
  });
  await connection.setLocalDescription();
  await done;
  connection.close();
  return [...found];
};
