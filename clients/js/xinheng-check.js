/**
 * 信用核查：给办事大厅的页面用。One file, no build step, no dependencies.
 *
 *   <script type="module" src="xinheng-check.js"></script>
 *   <xinheng-check endpoint="/credit" item="sp-food" case-no="2026-118"></xinheng-check>
 *
 * In other scripts: `import { CheckClient, verifyReceipt } from "./xinheng-check.js"`, in classic ones `import("…").then(…)`.
 *
 * The endpoint is the hall's own server, never the credit platform: the secret of the hall's program stays there.
 * It offers `POST <endpoint>/checks`, `POST <endpoint>/checks/<number>/feedback` and `GET <endpoint>/keys`.
 *
 * @typedef {{list_key: string, list_title: string, decision_no: string, authority_name: string,
 *   decided_on: string|null, starts: string, last_day: string|null, removal_rule: string, basis: string[],
 *   mark: string}} Entry
 * @typedef {{key: string, title: string, executing_body: string, basis: string[], starts: string,
 *   last_day: string|null, removal_rule: string}} Measure
 * @typedef {{key: string, title: string, last_delivery: string|null, fresh: boolean}} Source
 * @typedef {{number: string, code: string, name: string, hit: boolean, sentence: string, entries: Entry[],
 *   measures: Measure[], incentives: Measure[], warnings: string[], sources: Source[], receipt: string}} Answer
 * @typedef {{code: string, name?: string, item: string, case_no?: string, key?: string}} Question
 * @typedef {{measure: string, outcome: "applied"|"not_applied", note: string, document_no: string}} Done
 * @typedef {{kty: string, crv: string, kid: string, x: string}} Key
 * @typedef {"genuine"|"altered"|"unknown_key"|"unable"} Verdict
 */

const KIND = "xinheng-check+jws";
const WAIT = 30_000;

/** What went wrong, in words for the clerk. */
export class CheckError extends Error {
  /** @param {string} message @param {string} [advice] @param {number} [status] 0: no answer at all */
  constructor(message, advice = "", status = 0) {
    super(message);
    this.advice = advice;
    this.status = status;
  }
}

/** Calls the hall's own server. */
export class CheckClient {
  /** @param {string} endpoint for example "/credit" */
  constructor(endpoint) {
    this.endpoint = endpoint.replace(/\/+$/, "");
  }

  /**
   * Check one organisation; what is returned is what the receipt says. The same `key` twice is one check.
   * @param {Question} question
   * @returns {Promise<Answer>}
   */
  async check(question) {
    const { receipt } = await this.#call("/checks", { key: newKey(), ...question });
    return { ...readReceipt(receipt).facts, receipt };
  }

  /**
   * Tell what was done about the measures of an answer.
   * @param {string} number @param {Done[]} done
   * @returns {Promise<{number: string, noted: number}>}
   */
  feedback(number, done) {
    return this.#call(`/checks/${encodeURIComponent(number)}/feedback`, { measures: done });
  }

  /** The platform's public keys as the hall pinned them. @returns {Promise<Key[]>} */
  async keys() {
    return (await this.#call("/keys")).keys;
  }

  /** How far an answer's receipt holds. @param {Answer} answer @returns {Promise<Verdict>} */
  async judge(answer) {
    return verifyReceipt(answer.receipt, await this.keys());
  }

  /** @param {string} path @param {object} [body] @returns {Promise<any>} */
  async #call(path, body) {
    let response;
    try {
      response = await fetch(this.endpoint + path, {
        method: body ? "POST" : "GET",
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(WAIT),
      });
    } catch {
      throw new CheckError("没有得到核查结果。", "请检查网络后再试；在此之前不能认定没有记录。");
    }
    const found = await response.json().catch(() => null);
    if (!response.ok || found === null) {
      const words = found ?? {};
      const message = words.detail || `核查没有成功（HTTP ${response.status}）。`;
      throw new CheckError(message, words.advice || "请稍后再试；在此之前不能认定没有记录。", response.status);
    }
    return found;
  }
}

/**
 * What a receipt says, whether it is genuine or not.
 * @param {string} receipt
 * @returns {{head: {kid?: string, alg?: string}, facts: object, signed: Uint8Array, signature: Uint8Array}}
 */
function readReceipt(receipt) {
  const parts = String(receipt).trim().split(".");
  try {
    const [head, facts] = parts.slice(0, 2).map((part) => JSON.parse(new TextDecoder().decode(bytes(part))));
    const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
    if (parts.length === 3 && head.typ === KIND) return { head, facts, signed, signature: bytes(parts[2]) };
  } catch {
    // Neither base64 nor JSON: told below.
  }
  throw new CheckError("答复中没有核查回执，不能作为依据。", "请重新核查，并告诉系统管理员。");
}

/**
 * Whether a receipt is genuine by these keys, judged in the browser (WebCrypto, Ed25519).
 * `unable`: this browser, or a page without HTTPS, cannot judge.
 * @param {string} receipt @param {Key[]} keys @returns {Promise<Verdict>}
 */
export async function verifyReceipt(receipt, keys) {
  const { head, signed, signature } = readReceipt(receipt);
  const known = keys.find((one) => one.kid === head.kid);
  if (!known) return "unknown_key";
  if (head.alg !== "EdDSA") return "altered";
  let genuine;
  try {
    const key = await crypto.subtle.importKey("raw", bytes(known.x), { name: "Ed25519" }, false, ["verify"]);
    genuine = await crypto.subtle.verify("Ed25519", key, signature, signed);
  } catch {
    return "unable";
  }
  return genuine ? "genuine" : "altered";
}

/** @param {string} word base64url @returns {Uint8Array<ArrayBuffer>} */
function bytes(word) {
  return Uint8Array.from(atob(word.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}

/** A key for one check. `crypto.randomUUID` exists on HTTPS pages only, `getRandomValues` everywhere. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

const VERDICTS = {
  genuine: "签名核验通过，以上内容就是回执的内容。",
  unknown_key: "签名用的公钥没有在本大厅登记，不能判断真伪。请告诉系统管理员。",
  unable: "这个浏览器不能核验签名；本大厅的服务器在取得答复时核验。",
};

const STYLE = `
:host { display: block; color: var(--xinheng-ink, #1f2933); overflow-wrap: break-word;
  font: 400 1rem/1.7 var(--xinheng-font, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif); }
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
p, ul, fieldset { margin: 0; }
ul { padding-left: 1.4em; }
h3, legend { font-size: 1.0625rem; line-height: 1.4; font-weight: 700; margin: 1.25rem 0 0.25rem; padding: 0; }
fieldset { border: 0; padding: 0; min-width: 0; margin-top: 1.25rem; }
legend { margin-top: 0; }
label { display: block; font-weight: 600; margin-bottom: 0.25rem; }
.soft { color: #4a5765; font-size: 0.9375rem; }
.code { white-space: nowrap; font-variant-numeric: tabular-nums; }
.ask { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: end; margin: 0 0 0.25rem; }
.ask > div { flex: 1 1 16rem; min-width: 0; }
input[type="text"] { width: 100%; min-height: 2.75rem; padding: 0.25rem 0.75rem; border: 1px solid #8793a3;
  border-radius: 6px; background: #ffffff; color: inherit; font: inherit; }
.ask input { min-height: 3.25rem; font-size: 1.25rem; letter-spacing: 0.04em; font-variant-numeric: tabular-nums; }
button { min-height: 2.75rem; padding: 0.25rem 1.5rem; border: 1px solid #1a56a8; border-radius: 6px;
  background: #1a56a8; color: #ffffff; font: inherit; font-weight: 600; cursor: pointer; }
button:hover { background: #0f3d7c; }
.ask button { min-height: 3.25rem; font-size: 1.125rem; }
button[disabled] { opacity: 0.55; cursor: not-allowed; }
:focus-visible { outline: 3px solid #ffb000; outline-offset: 2px; }
.answer { border-top: 1px solid #d7dee8; margin-top: 1.25rem; padding-top: 1.25rem; }
.who { font-size: 1.125rem; display: flex; flex-wrap: wrap; gap: 0 0.75rem; align-items: center; }
.sentence { font-size: 1.25rem; line-height: 1.6; font-weight: 600; margin-top: 0.5rem; }
.state { display: inline-block; white-space: nowrap; padding: 0 0.5rem; border: 1px solid #b9cfec; border-radius: 4px;
  font-size: 0.875rem; font-weight: 600; background: #eaf1fb; color: #0f3d7c; }
.state.amber { background: #fff4de; color: #7a4700; border-color: #e3b566; }
.state.grey { background: #eef1f5; color: #4a5765; border-color: #d7dee8; }
.notice { border-left: 4px solid #8793a3; background: #eef1f5; padding: 0.5rem 1rem; margin-top: 0.75rem;
  border-radius: 0 6px 6px 0; }
.notice strong { display: block; }
.notice.warning { border-color: #e3b566; background: #fff4de; color: #7a4700; }
.notice.error { border-color: #c8102e; background: #fdeef0; color: #a50d26; }
.notice.done { border-color: #17623a; background: #e6f4ec; color: #17623a; }
.measure { border-bottom: 1px solid #d7dee8; padding: 0.5rem 0 0.75rem; margin-bottom: 0.75rem; }
.tick { display: flex; gap: 0.75rem; align-items: start; padding: 0.5rem 0; margin: 0; cursor: pointer; }
.tick input { flex: none; width: 1.35rem; height: 1.35rem; margin: 0.2rem 0 0; accent-color: #1a56a8; }
.why label { font-weight: 400; margin: 0.5rem 0 0.25rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1rem; align-items: center; }
.pairs { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1.25rem; margin: 1.25rem 0 0; }
.pairs dt { color: #4a5765; }
.pairs dd { margin: 0; min-width: 0; }
summary { cursor: pointer; color: #1a56a8; padding: 0.5rem 0; width: fit-content; }
textarea { width: 100%; font: 0.875rem/1.5 ui-monospace, monospace; border: 1px solid #8793a3; border-radius: 6px;
  padding: 0.5rem; color: inherit; overflow-wrap: anywhere; }
@media (max-width: 30rem) {
  .ask > *, .ask button, .actions > button { flex: 1 1 100%; }
  .pairs { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .pairs dd { margin-bottom: 0.5rem; }
}
@media print { .ask, .ask + .soft, .actions, summary { display: none; } }
`;

/** `<b class="x">text</b>` as `element("b", "x", text)`. Text is never read as markup. */
function element(name, classes = "", ...content) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...content.filter((one) => one !== null && one !== ""));
  return made;
}

/** @param {string} text @param {string} id of what it names */
function label(text, id) {
  const made = element("label", "", text);
  made.htmlFor = id;
  return made;
}

/** @param {string} id @param {number} maxLength */
function textInput(id, maxLength) {
  return Object.assign(element("input"), { type: "text", id, maxLength, autocomplete: "off", spellcheck: false });
}

/** A code or number in one unbroken line. @param {string} text */
function code(text) {
  return element("span", "code", text);
}

/** 2027年10月31日 for "2027-10-31". @param {string} day */
function inWords(day) {
  const [year, month, date] = day.slice(0, 10).split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

/** @param {Entry|Measure} one */
function until(one) {
  return one.last_day ? `至${inWords(one.last_day)}` : one.removal_rule;
}

/** @param {Source} one */
function delivered(one) {
  if (!one.last_delivery) return "从未报送";
  return `${one.fresh ? "已更新" : "未更新"}，最近报送于${inWords(one.last_delivery)}`;
}

/**
 * The panel. Attributes: `endpoint`, `item` (both needed), `case-no`.
 * Fires `xinheng-answer` (detail: the answer), `xinheng-feedback` (detail: number and what was done), and
 * `xinheng-clear` when no answer is shown any more.
 */
export class XinhengCheck extends HTMLElement {
  static observedAttributes = ["item", "case-no"];

  /** @type {Answer|null} the answer that is shown */
  answer = null;

  #key = "";
  #turn = 0;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.code = textInput("code", 100);
    this.code.required = true;
    this.code.setAttribute("aria-describedby", "help");
    this.button = element("button", "main", "核查");
    const help = element("p", "soft", "扫营业执照上的条码，或者输入后按回车。只核查单位，不要输入身份证号码。");
    help.id = "help";
    const form = element("form", "ask", element("div", "", label("统一社会信用代码", "code"), this.code), this.button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.check(this.code.value);
    });
    this.code.addEventListener("input", () => (this.#key = ""));
    this.out = element("div");
    this.out.setAttribute("aria-live", "polite");
    this.shadowRoot.append(form, help, this.out);
    this.shadowRoot.addEventListener("keydown", (event) => event.key === "Escape" && this.reset());
  }

  /** Another item or case is another matter: what was answered for the one before goes. */
  attributeChangedCallback(name, before, after) {
    if (before !== null && before !== after) this.clear();
  }

  get client() {
    return new CheckClient(this.getAttribute("endpoint") ?? "");
  }

  /** The cursor stands in the one field. */
  focus() {
    this.code.focus();
  }

  /** Empty the panel for the next one. */
  reset() {
    this.code.value = "";
    this.clear();
    this.focus();
  }

  /** Take the answer away; the code stays. */
  clear() {
    this.answer = null;
    this.#key = "";
    this.#turn += 1;
    this.button.disabled = false;
    this.out.replaceChildren();
    this.#tell("xinheng-clear", null);
  }

  /** Check this code for the panel's item, and show what is answered. @param {string} code */
  async check(code) {
    if (!code.trim() || this.button.disabled) return;
    // One press is one check, also when it is pressed again because the line broke.
    const key = this.#key || newKey();
    this.clear();
    this.#key = key;
    const turn = this.#turn;
    const [item, case_no] = ["item", "case-no"].map((name) => this.getAttribute(name) ?? "");
    this.button.disabled = true;
    this.out.replaceChildren(element("p", "answer soft", "正在核查……"));
    const shown = await this.#asked({ code, item, case_no, key });
    if (turn !== this.#turn) return; // the clerk has gone on to another matter
    this.button.disabled = false;
    if (shown.again !== true) this.#key = "";
    this.answer = shown.answer ?? null;
    this.out.replaceChildren(shown.node);
    this.code.select(); // the next scan takes the place of this code
    if (this.answer) this.#tell("xinheng-answer", this.answer);
  }

  /** @param {Question} question @returns {Promise<{node: Element, answer?: Answer, again?: boolean}>} */
  async #asked(question) {
    try {
      const answer = await this.client.check(question);
      const verdict = await this.client.judge(answer);
      if (verdict !== "altered") return { node: this.#shown(answer, verdict), answer };
      throw new CheckError("签名不符，这次答复不能作为依据。", "请重新核查，并告诉系统管理员。");
    } catch (error) {
      if (!(error instanceof CheckError)) throw error;
      return { node: refusal(error), again: error.status === 0 };
    }
  }

  /** @param {Answer} found @param {Verdict} verdict */
  #shown(found, verdict) {
    const late = found.sources.filter((one) => !one.fresh);
    const [word, colour] = stateOf(found, late);
    const name = element("strong", "", found.name);
    const who = element("p", "who", element("span", `state ${colour}`, word), name, code(found.code));
    const shown = element("section", "answer", who, element("p", "sentence", found.sentence));
    shown.setAttribute("aria-label", "核查结果");
    shown.append(...found.warnings.map((one) => element("p", "notice warning", one)));
    if (found.entries.length) shown.append(element("h3", "", "生效的名单信息"), entries(found.entries));
    if (found.measures.length || found.incentives.length) shown.append(this.#feedbackForm(found));
    const facts = element("dl", "pairs", element("dt", "", "回执编号"), element("dd", "", code(found.number)));
    facts.append(element("dt", "", "签名"), element("dd", "", VERDICTS[verdict]));
    shown.append(facts, sources(found, late));
    return shown;
  }

  /** @param {Answer} found */
  #feedbackForm(found) {
    const groups = [
      measures(found.measures, "本事项须采取的措施，采取后打勾", "没有采取的，写明原因"),
      measures(found.incentives, "可以给予的激励，给予后打勾", "没有给予的，写明原因"),
    ].filter((one) => one !== null);
    const paper = textInput("document", 100);
    const send = element("button", "main", "提交反馈");
    const told = element("div");
    told.setAttribute("role", "status");
    const form = element("form", "", ...groups.map((one) => one.node), label("办理结果的文书号（可不填）", paper.id), paper);
    form.append(element("div", "actions", send), told);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const done = groups.flatMap((one) => one.done()).map((one) => ({ ...one, document_no: paper.value.trim() }));
      const missing = done.find((one) => one.outcome === "not_applied" && !one.note);
      if (missing) {
        told.replaceChildren(element("p", "notice error", "没有打勾的措施，请写明没有采取的原因。"));
        form.querySelector(`#note-${CSS.escape(missing.measure)}`).focus();
        return;
      }
      send.disabled = true;
      try {
        const { noted } = await this.client.feedback(found.number, done);
        told.replaceChildren(element("p", "notice done", `已反馈 ${noted} 项措施。`));
        this.#tell("xinheng-feedback", { number: found.number, done });
      } catch (error) {
        if (!(error instanceof CheckError)) throw error;
        told.replaceChildren(element("p", "notice error", element("strong", "", error.message), error.advice));
        send.disabled = false;
      }
    });
    return form;
  }

  /** @param {string} name @param {object|null} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** The word before the name, and its colour. @param {Answer} found @param {Source[]} late */
function stateOf(found, late) {
  if (found.hit) return ["有生效信息", ""];
  return late.length || !found.sources.length ? ["来源未更新", "amber"] : ["未查到", "grey"];
}

/** @param {CheckError} error */
function refusal(error) {
  const shown = element("div", "answer", element("p", "notice error", element("strong", "", error.message), error.advice));
  shown.setAttribute("role", "alert");
  return shown;
}

/** @param {Entry[]} all */
function entries(all) {
  const rows = all.map((one) => {
    const mark = one.mark ? element("span", "state amber", one.mark) : "";
    const basis = element("div", "soft", `依据：${one.basis.join("、")}`);
    const decided = element("div", "", `${one.authority_name} `, code(one.decision_no), `，${until(one)}`);
    return element("li", "", element("strong", "", one.list_title), " ", mark, decided, basis);
  });
  return element("ul", "", ...rows);
}

/**
 * Measures as a list to tick, none of them ticked: what was done is for the clerk to say.
 * @param {Measure[]} all @param {string} title @param {string} reason
 * @returns {{node: Element, done: () => Done[]}|null}
 */
function measures(all, title, reason) {
  if (!all.length) return null;
  const ticks = all.map((one) => {
    const tick = element("input");
    Object.assign(tick, { type: "checkbox", id: `tick-${one.key}` });
    const note = textInput(`note-${one.key}`, 300);
    const why = element("div", "why", label(reason, note.id), note);
    tick.addEventListener("change", () => (why.hidden = tick.checked));
    const basis = element("p", "soft", `依据：${one.basis.join("、")}；${until(one)}；${one.executing_body}`);
    const choice = element("label", "tick", tick, element("span", "", one.title));
    const done = () => ({
      measure: one.key,
      outcome: tick.checked ? "applied" : "not_applied",
      note: tick.checked ? "" : note.value.trim(),
    });
    return { node: element("div", "measure", choice, basis, why), done };
  });
  const node = element("fieldset", "", element("legend", "", title), ...ticks.map((one) => one.node));
  return { node, done: () => ticks.map((one) => one.done()) };
}

/** @param {Answer} found @param {Source[]} late */
function sources(found, late) {
  const text = element("textarea");
  Object.assign(text, { rows: 4, readOnly: true, value: found.receipt, id: "receipt" });
  const title = `来源（${found.sources.length} 个${late.length ? `，${late.length} 个未更新` : ""}）和回执全文`;
  const rows = found.sources.map((one) => element("li", "", `${one.title}：${delivered(one)}`));
  const list = element("ul", "", ...rows);
  return element("details", "", element("summary", "", title), list, label("电子签名的回执", text.id), text);
}

customElements.define("xinheng-check", XinhengCheck);
