extension DashboardPage {
    /// Tiles, health, what came most often, and the two tables.
    static let scriptTables = #"""
        const tiles = [
          ["Requests", now => perSecond(now.records), now => perSecond(now.accepted) + " connections"],
          ["Denied", now => perSecond(now.deny), now => now.records > 0 ? trim(100 * now.deny / now.records) + " % of requests" : "no requests"],
          ["To clients", now => rate(now.down), now => "to origins " + rate(now.up)],
          ["Open tunnels", now => number(now.tunnels), now => number(now.connections) + " connections"],
          ["Connecting", now => now.connect_p50 === undefined ? "–" : span(now.connect_p50),
            now => now.connect_p99 === undefined ? "nobody connected" : "99 % within " + span(now.connect_p99)],
          ["First byte", now => now.first_byte_p50 === undefined ? "–" : span(now.first_byte_p50),
            now => now.first_byte_p99 === undefined ? "no plain requests" : "99 % within " + span(now.first_byte_p99)]
        ];
        function setUpTiles() {
          for (const tile of tiles) {
            tile.value = h("dd", { class: "value" }, "–");
            tile.note = h("dd", { class: "note" });
            $("tiles").append(h("div", {}, h("dt", {}, tile[0]), tile.value, tile.note));
          }
        }
        let status, lostLines = 0;
        function showNow(now) {
          for (const tile of tiles) { write(tile.value, tile[1](now)); write(tile.note, tile[2](now)); }
          const ill = now.dns_failed + now.dns_timeout > 0;
          const held = now.log_stalled > 0, losing = now.log_lost > 0 || lostLines > 0;
          part("Resolver", ill ? "some names are not found out" : "well", ill, [
            ["Look-ups", perSecond(now.lookups) + ", " + number(now.lookups_open) + " open"],
            ["Queries sent", perSecond(now.queries)],
            ["Failed", perSecond(now.dns_failed)], ["Too late", perSecond(now.dns_timeout)]]);
          part("Log", held ? "takes nothing" : losing ? "lines were lost" : "well", held || losing, [
            ["Lines", perSecond(now.log_written)], ["Waiting", bytes(now.log_queue)],
            ["Lost since the start", status ? number(status.log_lines_lost_total) : "–"],
            ["Seals", status ? number(status.log_seals_total) : "–"]]);
          part("Proxy", status && status.over_memory ? "over its memory" : "well", status && status.over_memory > 0, [
            ["Memory", bytes(now.memory)], ["Turned away by limits", perSecond(now.refused)],
            ["Running for", status ? span(status.uptime_seconds * 1000) : "–"],
            ["Policy", status ? number(status.policy_rules) + " rules, " + number(status.policy_entries) + " entries" : "–"]]);
        }
        const parts = {};
        function part(name, word, isIll, rows) {
          if (!parts[name]) {
            const mark = h("span", {}), list = rows.map(([label]) => ({ label, node: h("dd", {}) }));
            parts[name] = { mark, list };
            $("health").append(h("div", {}, h("h3", {}, name, mark), h("dl", { class: "pairs" },
              ...list.map(row => h("div", {}, h("dt", {}, row.label), row.node)))));
          }
          write(parts[name].mark, (isIll ? "▲ " : "✓ ") + word);
          parts[name].mark.className = isIll ? "bad" : "good";
          rows.forEach(([, text], index) => write(parts[name].list[index].node, text));
        }
        const topics = [["host", "Hosts", "host"], ["blocked", "Blocked names", "host"], ["user", "Users", "user"],
          ["rule", "Rules by hits"]];
        let topSpan = "hour";
        async function showTops() {
          const all = await Promise.all(topics.map(([by]) => ask("/top?by=" + by + "&span=" + topSpan + "&most=8")));
          if ($("tops").contains(document.activeElement)) return;
          $("tops").replaceChildren(...topics.map(([by, title, filter], index) => {
            const top = all[index], most = top.rows.length ? top.rows[0].count : 1;
            const rows = top.rows.map(row => {
              const name = filter ? h("button", { class: "plain foreign", title: "Show its requests",
                onclick: () => choose(filter, row.name, by === "blocked") }, clean(row.name)) : foreign(row.name);
              name.title = clean(row.name);
              const count = h("span", { class: "num" }, (row.error ? "≤ " : "") + number(row.count));
              return h("li", {}, name, count, s("svg", { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
                s("rect", { class: by === "blocked" ? "fb" : "fa", width: Math.max(1, 100 * row.count / most), height: 4 })));
            });
            return h("div", {}, h("h3", {}, title), rows.length ? h("ol", {}, ...rows) : h("p", { class: "soft" }, "None yet."));
          }));
        }
        function choose(name, text, isBlocked) {
          const form = $("filters");
          form.reset();
          form.elements[name].value = text;
          if (isBlocked) form.elements.verdict.value = "deny";
          filtered();
          $("requests").focus();
        }
        // The texts of a row, and the classes of those that narrow screens go without.
        const where = row => (row.host !== undefined ? row.host : row.host_raw || "–") + (row.port ? ":" + row.port : "");
        const who = row => row.user !== undefined ? row.user : row.user_claimed !== undefined ? "(" + row.user_claimed + ")" : "";
        const verdict = row => h("span", { class: row.verdict === "deny" ? "bad" : row.verdict ? "good" : "soft" }, row.verdict || "–");
        const endedColumns = [["Time", "", row => clock(Date.parse(row.end || row.start) / 1000, true)], ["Client", "text mid", row => row.client],
          ["User", "text wide", who], ["Host", "text", where], ["Verdict", "", verdict], ["Rule", "text wide", row => row.rule || ""],
          ["Outcome", "text mid", row => row.outcome || ""], ["By", "wide", row => row.proto || ""],
          ["Up", "num wide", row => row.up === undefined ? "" : bytes(row.up)], ["Down", "num mid", row => row.down === undefined ? "" : bytes(row.down)],
          ["Took", "num", row => row.ms && row.ms.total !== undefined ? span(row.ms.total) : ""]];
        const liveColumns = [["For", "", row => span(row.age * 1000)], ["Client", "text mid", row => row.client], ["User", "text wide", who],
          ["Host", "text", where], ["Verdict", "", verdict], ["Rule", "text wide", row => row.rule || ""], ["Stage", "mid", row => row.stage],
          ["By", "wide", row => row.proto || ""], ["Up", "num wide", row => bytes(row.up)], ["Down", "num", row => bytes(row.down)]];
        function line(columns, row, open) {
          const cells = columns.map(([, kind, value], index) => {
            const shown = value(row), text = shown instanceof Node ? shown : clean(shown);
            const cell = h("td", { class: kind || undefined }, index ? text : h("button", { class: "plain",
              "aria-label": "Record of " + clean(where(row)) + ", " + text }, text));
            if (kind.startsWith("text")) { cell.classList.add("foreign"); if (typeof text === "string") cell.title = text; }
            return cell;
          });
          return h("tr", { onclick: () => open(row) }, ...cells);
        }
        function show(table, columns, lines, nothing) {
          if (!table.tHead) table.append(h("thead", {}, h("tr", {}, ...columns.map(([name, kind]) =>
            h("th", { scope: "col", class: kind.replace("text", "") }, name)))), h("tbody", {}));
          table.tBodies[0].replaceChildren(...(lines.length ? lines
            : [h("tr", { class: "none" }, h("td", { colspan: columns.length }, nothing))]));
        }

        """#
}
