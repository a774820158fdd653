// What the terminal shows and what its controls do, the same in both skins. A screen is data: a skin draws it and calls
// `act` of what is pressed.
//
//   screen = {path, bar, nodes, menu, dialog, notice}
//   node   = {kind: heading | text | error | row | field | check | button, id, label, …}

import { Api, Refused } from "./api.js";

const DETAILS = "/profile/account-details";
const MANAGE = "/profile/account-details/segments";

export class Flow {
  // draw: called with the screen whenever it changed.
  constructor(draw) {
    this.api = new Api();
    this.draw = draw;
    this.values = {};
    this.error = "";
    this.notice = "";
    this.step = "mobile";
    this.chosen = new Set();
    this.busy = false;
  }

  async start() {
    await this.#readWords();
    window.addEventListener("popstate", () => this.#arrive());
    await this.#arrive();
  }

  // An address was opened: by loading the page, or by going back and forth.
  async #arrive() {
    await this.#do(() => (this.api.hasToken ? this.#open(location.pathname) : this.#go("mobile")));
  }

  // --- screens

  screen() {
    const words = this.words;
    const content = {
      mobile: () => this.#signIn(words.sign_in, [this.#field("mobile", "tel")], [["continue", () => this.#giveMobile()]]),
      password: () =>
        this.#signIn(words.password_title, [this.#field("password", "password")], [["continue", () => this.#givePassword()]]),
      otp: () =>
        this.#signIn(
          words.otp_title,
          [{ kind: "text", label: `${words.otp_sent} ${this.sentTo}.` }, this.#field("otp", "text")],
          [["verify", () => this.#giveOtp()], ["resend", () => this.#resend(), "plain"]],
        ),
      dashboard: () => [
        { kind: "heading", label: words.dashboard },
        { kind: "text", label: `${words.welcome} ${this.profile.name}` },
        ...words.dashboard_lines.map((label) => ({ kind: "text", label })),
      ],
      details: () => this.#details(),
      manage: () => this.#manage(),
    }[this.step];
    const isInside = this.profile !== undefined;
    return {
      path: this.path,
      title: words.product,
      bar: isInside ? this.#bar() : null,
      menu: this.isMenuOpen ? this.#menu() : null,
      dismissMenu: () => this.#do(() => this.#toggleMenu()),
      nodes: content().map((node) => this.#named(node)),
      dialog: this.#dialog(),
      notice: this.notice,
      simulated: words.simulated,
    };
  }

  #named(node) {
    return node.id ? { ...node, id: this.words.prefix + node.id } : node;
  }

  #signIn(title, fields, buttons) {
    return [
      { kind: "heading", label: title },
      ...fields,
      ...this.#errors(),
      ...buttons.map(([id, act, style]) => this.#button(id, act, style)),
    ];
  }

  #errors() {
    return this.error ? [{ kind: "error", label: this.error }] : [];
  }

  #field(id, type) {
    return {
      kind: "field",
      id,
      type,
      label: this.words[id],
      value: this.values[id] ?? "",
      change: (value) => (this.values[id] = value),
    };
  }

  #button(id, act, style = "filled", label = this.words[id]) {
    return { kind: "button", id, label, style, act: () => this.#do(act) };
  }

  #bar() {
    const initials = this.profile.name.split(" ").map((word) => word[0]).join("").slice(0, 2);
    const menu = this.#button("menu", () => this.#toggleMenu(), "avatar");
    return { title: this.words.product, avatar: this.#named({ ...menu, text: initials }) };
  }

  #menu() {
    return [
      this.#named(this.#button("account-details", () => this.#open(DETAILS), "item", this.words.account_details)),
      this.#named(this.#button("sign-out", () => this.#signOut(), "item", this.words.sign_out)),
    ];
  }

  #details() {
    const { words, profile } = this;
    const rows = [[words.name, profile.name], [words.client_code, profile.account], [words.email, profile.email]];
    return [
      { kind: "heading", label: words.account_details },
      ...[...rows, ...words.details_lines].map(([label, value]) => ({ kind: "row", label, value })),
      { kind: "heading", label: words.segments },
      { kind: "text", label: words.segments_line },
      ...this.#states(),
      this.#button("manage", () => this.#open(MANAGE)),
    ];
  }

  #states() {
    const { active, disabled } = this.words;
    return this.segments.map((one) => ({ kind: "row", label: one.name, value: one.active ? active : disabled }));
  }

  #manage() {
    const { words } = this;
    return [
      { kind: "heading", label: words.manage_title },
      { kind: "text", label: words.choose },
      ...this.segments.map((one) => ({
        kind: "check",
        id: `segment-${one.id}`,
        label: one.name,
        value: one.active ? words.active : words.disabled,
        checked: this.chosen.has(one.id),
        disabled: !one.active,
        act: () => this.#do(() => this.#choose(one.id)),
      })),
      ...this.#errors(),
      this.#button("disable", () => this.#askToConfirm()),
      this.#button("back", () => this.#open(DETAILS), "plain"),
    ];
  }

  #dialog() {
    const { words } = this;
    if (this.profile && !this.profile.has_seen_risk) {
      const lines = words.risk_lines.map((label) => ({ kind: "text", label }));
      return { title: words.risk_title, nodes: lines, buttons: [this.#named(this.#button("risk-close", () => this.#closeRisk(), "filled", words.risk_close))] };
    }
    if (!this.isConfirming) return null;
    const names = this.segments.filter((one) => this.chosen.has(one.id)).map((one) => one.name);
    const cancel = this.#named(this.#button("cancel", () => this.#cancel(), "plain"));
    const confirm = this.#named(this.#button("confirm", () => this.#disable()));
    return {
      title: words.confirm_title,
      nodes: [{ kind: "text", label: `${words.confirm_line} ${names.join(", ")}.` }],
      buttons: words.cancel_first ? [cancel, confirm] : [confirm, cancel],
    };
  }

  // --- what controls do

  // One thing at a time: a second press while the first waits for the server is not heard.
  async #do(act) {
    if (this.busy) return;
    this.busy = true;
    this.error = this.notice = "";
    try {
      await act();
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      this.error = refused.message || this.words.no_answer;
      if (refused.restart) await this.#leave();
    } finally {
      this.busy = false;
    }
    this.draw(this.screen());
  }

  async #readWords() {
    this.words = await this.api.get("words");
  }

  #go(step, path = "/") {
    this.step = step;
    this.path = path;
    if (location.pathname !== path) history.pushState(null, "", path);
  }

  async #open(path) {
    this.isMenuOpen = this.isConfirming = false;
    this.chosen.clear();
    this.profile = await this.api.get("profile");
    if (path !== DETAILS && path !== MANAGE) return this.#go("dashboard", "/dashboard");
    this.#take(await this.api.get("segments"));
    this.#go(path === MANAGE ? "manage" : "details", path);
  }

  #take(segments) {
    this.segments = this.words.reversed ? segments.toReversed() : segments;
  }

  async #leave() {
    await this.api.forget();
    this.profile = this.segments = undefined;
    this.isMenuOpen = this.isConfirming = false;
    this.values = {};
    this.#go("mobile");
  }

  async #giveMobile() {
    this.attempt = (await this.api.post("sign-in/mobile", { mobile: this.values.mobile ?? "" })).attempt;
    this.#go("password");
  }

  async #givePassword() {
    const given = { attempt: this.attempt, password: this.values.password ?? "" };
    this.sentTo = (await this.api.post("sign-in/password", given)).sent_to;
    this.values.password = "";
    this.#go("otp");
  }

  async #resend() {
    this.sentTo = (await this.api.post("sign-in/resend", { attempt: this.attempt })).sent_to;
    this.values.otp = "";
    this.notice = this.words.resent;
  }

  async #giveOtp() {
    const given = { attempt: this.attempt, otp: this.values.otp ?? "" };
    this.values.otp = "";
    await this.api.keep(await this.api.post("sign-in/otp", given));
    this.values = {};
    await this.#readWords();
    await this.#open("/dashboard");
  }

  async #closeRisk() {
    await this.api.post("risk");
    this.profile.has_seen_risk = true;
  }

  #toggleMenu() {
    this.isMenuOpen = !this.isMenuOpen;
  }

  async #signOut() {
    await this.api.post("sign-out");
    await this.#leave();
  }

  #choose(id) {
    if (!this.chosen.delete(id)) this.chosen.add(id);
  }

  #askToConfirm() {
    if (!this.chosen.size) this.error = this.words.none_chosen;
    else this.isConfirming = true;
  }

  #cancel() {
    this.isConfirming = false;
  }

  async #disable() {
    this.isConfirming = false;
    this.#take(await this.api.post("segments/disable", { segments: [...this.chosen] }));
    this.chosen.clear();
    this.notice = this.words.done;
  }
}
