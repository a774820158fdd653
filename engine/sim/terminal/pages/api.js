// The calls to the server, and the three places a session is kept in: the cookie is the server's, the token lives in
// sessionStorage, the device number in IndexedDB. Who wants to carry a session elsewhere must carry all three.

const DATABASE = "neo";
const STORE = "session";

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function store(mode, work) {
  const open = await database();
  try {
    return await new Promise((resolve, reject) => {
      const asked = work(open.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } finally {
    open.close();
  }
}

export class Refused extends Error {
  constructor(text, restart) {
    super(text);
    this.restart = restart;
  }
}

export class Api {
  async keep({ token, device }) {
    sessionStorage.setItem("neo.token", token);
    await store("readwrite", (kept) => kept.put(device, "device"));
  }

  async forget() {
    sessionStorage.removeItem("neo.token");
    await store("readwrite", (kept) => kept.delete("device"));
  }

  get hasToken() {
    return sessionStorage.getItem("neo.token") !== null;
  }

  get(path) {
    return this.#call(path, { method: "GET" });
  }

  post(path, given = {}) {
    return this.#call(path, {
      method: "POST",
      body: JSON.stringify(given),
      headers: { "Content-Type": "application/json" },
    });
  }

  // Raises Refused with what the server says, or with nothing when it says nothing that can be read.
  async #call(path, options) {
    const device = await store("readonly", (kept) => kept.get("device"));
    const pieces = { "X-Token": sessionStorage.getItem("neo.token") ?? "", "X-Device": device ?? "" };
    let response, answer;
    try {
      response = await fetch(`/api/${path}`, { ...options, headers: { ...options.headers, ...pieces } });
      answer = await response.json();
    } catch {
      throw new Refused("", false);
    }
    if (!response.ok) throw new Refused(answer.error ?? "", answer.restart === true);
    return answer;
  }
}
