// The hall's own page. What it knows of the credit check are one element and two events.

const panel = document.querySelector("xinheng-check");
const business = document.querySelector("#business");
const caseNo = document.querySelector("#case-no");
const accept = document.querySelector("#accept");
const next = document.querySelector("#next");
const hint = document.querySelector("#hint");
const LETTER = "云屿厅2026-";

let offer = new Map();
let taken = 117;
/** @type {Map<string, HTMLTableCellElement>} where it stands what was done, by the number of the receipt */
const feedbackCells = new Map();
const told = new Set();

/** A new matter: its number, and nothing checked yet. */
function begin() {
  caseNo.value = `${LETTER}${String((taken += 1)).padStart(6, "0")}`;
  concern();
  panel.reset();
}

/** The panel answers for this item and this case only. */
function concern() {
  panel.setAttribute("item", business.value);
  panel.setAttribute("case-no", caseNo.value.trim());
}

function say(words, ready) {
  hint.textContent = words;
  accept.disabled = !ready;
}

/** The hall decides by its own rules; the answer says what the law adds for this item. */
function way(answer) {
  const { way: easier } = offer.get(business.value);
  if (answer.measures.length) return "按一般程序受理";
  if (!answer.hit && answer.sources.some((one) => !one.fresh)) return "按一般程序受理，来源更新后再核查";
  return `可以适用${easier}`;
}

function row(cells) {
  const made = document.createElement("tr");
  for (const [label, text, classes] of cells) {
    const cell = document.createElement("td");
    cell.dataset.label = label;
    const inner = document.createElement("span");
    inner.textContent = text;
    if (classes) inner.className = classes;
    cell.append(inner);
    made.append(cell);
  }
  return made;
}

panel.addEventListener("xinheng-answer", (event) => say(`${way(event.detail)}。`, true));

panel.addEventListener("xinheng-feedback", (event) => {
  told.add(event.detail.number);
  const cell = feedbackCells.get(event.detail.number);
  if (cell) cell.textContent = "已反馈";
});

panel.addEventListener("xinheng-clear", () => say("先核查，再受理。", false));

accept.addEventListener("click", () => {
  const { answer } = panel;
  const waiting = answer.measures.length || answer.incentives.length;
  const made = row([
    ["办件编号", caseNo.value, "code"],
    ["事项", offer.get(business.value).title],
    ["单位", answer.name || answer.code],
    ["受理方式", way(answer)],
    ["核查回执", answer.number, "code"],
    ["反馈", told.has(answer.number) ? "已反馈" : waiting ? "待反馈" : "不需要"],
  ]);
  feedbackCells.set(answer.number, made.lastElementChild.firstElementChild);
  document.querySelector("#today tbody").prepend(made);
  document.querySelector("#today").hidden = false;
  document.querySelector("#none").hidden = true;
  say(waiting && !told.has(answer.number) ? "已受理。请在上面反馈采取的措施，再办下一位。" : "已受理。", false);
});

next.addEventListener("click", begin);
business.addEventListener("change", concern);
caseNo.addEventListener("change", concern);
document.querySelector("#case").addEventListener("submit", (event) => event.preventDefault());

const found = await (await fetch("/offer")).json();
offer = new Map(found.business.map((one) => [one.key, one]));
document.querySelector("#hall").textContent = found.hall;
document.title = `综合窗口 · ${found.hall}`;
business.replaceChildren(...found.business.map((one) => new Option(`${one.title}（${one.way}）`, one.key)));
begin();
