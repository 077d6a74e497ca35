// The same chat as a plain Socket.IO server: what an experienced Node developer writes for these events.
// It has what Socket.IO's own manual recommends for memory: the first request is let go.
// Not asked of it: numbered events, client_id idempotency, replay after a reconnect, REST.
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

const MAX_TEXT = 2000;
const MAX_EVENT = 36 * 1024; // a signal of 32 KB and its envelope; ws closes the connection beyond it
const CHAT_TYPES = new Set(["text", "video"]);

class Refused extends Error {
  constructor(code, sentence) {
    super(sentence);
    this.code = code;
  }
}

const waiting = { text: new Set(), video: new Set() };
const sessions = new Map(); // session id -> { id, socket, chatType, partner }

const httpServer = createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end('{"status":"healthy"}');
});
// Socket.IO's own interval, unless the benchmark of growth asks for silence.
const pingInterval = Number(process.env.PING_INTERVAL ?? 25) * 1000;
const io = new Server(httpServer, { maxHttpBufferSize: MAX_EVENT, pingInterval });
io.engine.on("connection", (rawSocket) => {
  rawSocket.request = null; // nothing here reads headers later on
});

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function need(condition, code, sentence) {
  if (!condition) throw new Refused(code, sentence);
}

function ownSession(socket, data) {
  need(isObject(data), "invalid_request", "The data must be an object.");
  need(typeof data.session_id === "string", "invalid_request", "session_id must be a string.");
  const session = sessions.get(data.session_id);
  need(session !== undefined && session.socket === socket, "session_not_found", "No such session.");
  return session;
}

function matchedSession(socket, data) {
  const session = ownSession(socket, data);
  need(session.partner !== null, "not_matched", "There is no partner yet.");
  return session;
}

function introduce(session, isInitiator) {
  session.socket.emit("matched", {
    session_id: session.id,
    chat_type: session.chatType,
    is_initiator: isInitiator,
    common_interests: session.interests.filter((each) => session.partner.interests.includes(each)),
    ice_servers: [{ urls: ["stun:stun.l.google.com:19302"] }],
  });
}

function end(session, reason) {
  waiting[session.chatType].delete(session);
  sessions.delete(session.id);
  session.socket.data.session = null;
  const partner = session.partner;
  if (partner === null) return;
  session.partner = partner.partner = null;
  sessions.delete(partner.id);
  partner.socket.data.session = null;
  partner.socket.emit("partner_disconnected", { session_id: partner.id, reason });
}

function start(socket, data) {
  need(isObject(data), "invalid_request", "The data must be an object.");
  need(CHAT_TYPES.has(data.chat_type), "invalid_request", "chat_type must be text or video.");
  const interests = data.interests ?? [];
  const areStrings = Array.isArray(interests) && interests.every((each) => typeof each === "string");
  need(areStrings && interests.length <= 10, "invalid_request", "interests must be a list of strings.");
  if (socket.data.session) end(socket.data.session, "left");

  const id = randomBytes(16).toString("base64url");
  const session = { id, socket, chatType: data.chat_type, interests, partner: null };
  sessions.set(id, session);
  socket.data.session = session;

  const queue = waiting[session.chatType];
  const [partner] = queue;
  if (partner === undefined) {
    queue.add(session);
    return { ok: true, session_id: id, chat_type: session.chatType, status: "waiting" };
  }
  queue.delete(partner);
  session.partner = partner;
  partner.partner = session;
  introduce(partner, true);
  introduce(session, false);
  return { ok: true, session_id: id, chat_type: session.chatType, status: "matched" };
}

function sendMessage(socket, data) {
  const { partner } = matchedSession(socket, data);
  const text = data.message;
  need(typeof text === "string" && text.trim() !== "", "invalid_request", "message must be text.");
  need(text.length <= MAX_TEXT, "too_large", "The message is too long.");
  const clientId = data.client_id;
  need(clientId === undefined || typeof clientId === "string", "invalid_request", "Bad client_id.");
  const id = randomUUID();
  const timestamp = new Date().toISOString();
  const message = { id, from: "stranger", text, timestamp };
  partner.socket.emit("new_message", { session_id: partner.id, message });
  return { ok: true, message_id: id };
}

function typing(socket, data) {
  const { partner } = matchedSession(socket, data);
  need(typeof data.is_typing === "boolean", "invalid_request", "is_typing must be true or false.");
  partner.socket.emit("partner_typing", { session_id: partner.id, is_typing: data.is_typing });
  return { ok: true };
}

function webrtcSignal(socket, data) {
  const { partner } = matchedSession(socket, data);
  const { signal } = data;
  need(isObject(signal), "invalid_request", "signal must be an object.");
  partner.socket.emit("webrtc_signal", { session_id: partner.id, signal });
  return { ok: true };
}

function leave(socket, data) {
  end(ownSession(socket, data), "left");
  return { ok: true };
}

function answer(socket, handler) {
  return (data, acknowledge) => {
    let result;
    try {
      result = handler(socket, data);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      result = { ok: false, error: error.message, code: error.code };
    }
    if (typeof acknowledge === "function") acknowledge(result);
  };
}

io.on("connection", (socket) => {
  socket.on("start", answer(socket, start));
  socket.on("send_message", answer(socket, sendMessage));
  socket.on("typing", answer(socket, typing));
  socket.on("webrtc_signal", answer(socket, webrtcSignal));
  socket.on("leave_session", answer(socket, leave));
  socket.on("disconnect", () => {
    if (socket.data.session) end(socket.data.session, "left");
  });
});

httpServer.listen(Number(process.env.PORT), process.env.HOST ?? "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
