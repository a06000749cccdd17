extension DashboardPage {
    /// A record, whole, and why it was decided as it was.
    static let scriptRecord = #"""
        let asked = 0;
        async function openRecord(row, isLive) {
          const turn = ++asked, dialog = $("record"), body = $("record-body");
          $("record-title").replaceChildren(foreign(where(row)));
          const lead = h("p", { class: "lead" }, verdict(row), " ", isLive ? "under way, " + clean(row.stage || "") : clean(row.outcome || ""));
          const ground = row.rule === undefined ? [["decided by", "nothing: it was not judged"]]
            : [["decided by", row.rule], ["list entry", row.entry], ["reason", row.reason], ["would be denied by", row.would]];
          const why = h("div", {}, h("p", { class: "soft" }, "Asking the policy…"));
          body.replaceChildren(lead, pairs(ground), h("h3", {}, "Why"), why, h("h3", {}, "The record"), pairs(members(row)));
          if (!dialog.open) dialog.showModal();
          body.scrollTop = dialog.scrollTop = 0;
          if (row.verdict === undefined && !isLive) {
            return why.replaceChildren(h("p", {}, row.reason === undefined
              ? "It ended before the policy was asked, at the stage " + clean(row.stage || "–") + "." : clean(row.reason)));
          }
          try {
            const answer = await ask("/explain?" + (isLive ? question(row) : "id=" + encodeURIComponent(row.id)));
            if (turn !== asked) return;
            const now = answer.explanation;
            const notes = [];
            if (row.policy !== undefined && now.policy !== row.policy) notes.push("Another policy is in force now than when this was decided; this is what it says now.");
            else if (row.rule !== undefined && now.rule !== row.rule) notes.push("Asked now, another rule decides: the record has what was known then, such as its addresses and its first bytes.");
            why.replaceChildren(...notes.map(note => h("p", { class: "soft" }, note)), h("pre", {}, clean2(answer.text)));
          } catch (error) {
            if (turn === asked) why.replaceChildren(h("p", { class: "soft" }, clean(error.message)));
          }
        }
        // Lines stay lines.
        const clean2 = text => text.split("\n").map(clean).join("\n");
        function question(row) {
          const values = new URLSearchParams();
          if (row.host === undefined) return "id=" + encodeURIComponent(row.id);
          values.set("host", row.host.includes(":") ? "[" + row.host + "]" : row.host);
          values.set("client", row.client);
          if (row.port) values.set("port", row.port);
          if (row.user !== undefined) values.set("user", row.user);
          if (row.proto) values.set("by", row.proto);
          return values;
        }
        function members(row) {
          return Object.entries(row).filter(([name]) => name !== "v" && name !== "type").flatMap(([name, value]) =>
            name === "ms" ? Object.entries(value).map(([stage, time]) => ["ms " + stage, time])
              : [[name, typeof value === "object" ? Array.isArray(value) && value.every(item => typeof item === "string")
                ? value.join(", ") : JSON.stringify(value) : value]]);
        }
        function pairs(rows) {
          return h("dl", { class: "pairs" }, ...rows.filter(([, value]) => value !== undefined).map(([name, value]) =>
            h("div", {}, h("dt", {}, clean(name)), h("dd", { class: "code foreign" }, clean(value)))));
        }

        """#
}
