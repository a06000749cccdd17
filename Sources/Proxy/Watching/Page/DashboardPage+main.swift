extension DashboardPage {
    /// What is asked when, and the controls.
    static let scriptMain = #"""
        let source, rows = [], isPaused = false, hasGap = false;
        const most = 200;
        function filter() {
          const values = new URLSearchParams();
          for (const [name, value] of new FormData($("filters"))) if (value.trim()) values.set(name, value.trim());
          return values;
        }
        function state(text, kind) { write($("state"), text); $("state").className = "state " + kind; }
        const isResting = () => isPaused || document.hidden;
        async function quietly(work) {
          try { await work(); } catch (error) { if (!isResting()) state("Not connected", "off"); }
        }
        function watch() {
          if (source) source.close();
          source = undefined;
          if (isResting()) return;
          source = new EventSource("/events?" + filter());
          const mine = source;
          source.onopen = () => {
            state("Live", "live");
            if (hasGap) for (const work of [loadHistory, loadRecords]) quietly(work);
            hasGap = false;
          };
          source.onerror = () => {
            state("Not connected", "off");
            hasGap = true;
            // A browser tries again by itself where the connection broke, and not where the answer was a refusal.
            if (mine.readyState === EventSource.CLOSED) setTimeout(() => { if (source === mine) watch(); }, 5000);
          };
          source.addEventListener("sample", event => {
            const now = JSON.parse(event.data);
            fine.push(now);
            while (fine.length > 300) fine.shift();
            showNow(now);
            drawAll();
          });
          source.addEventListener("records", event => {
            const batch = JSON.parse(event.data);
            rows = batch.records.concat(rows).slice(0, most);
            showEnded();
          });
        }
        function showEnded() {
          const table = $("ended");
          if (table.contains(document.activeElement) && document.activeElement.matches(":focus-visible")) return;
          show(table, endedColumns, rows.map(row => line(endedColumns, row, chosen => openRecord(chosen, false))), filter().size ? "No request like this has ended lately." : "No request has ended yet.");
          write($("ended-count"), rows.length ? "the last " + rows.length : "");
        }
        let turn = 0;
        async function loadRecords() {
          const mine = ++turn, values = filter();
          values.set("most", most);
          const answer = await ask("/records?" + values);
          if (mine !== turn) return;
          rows = answer.records;
          showEnded();
        }
        async function showLive() {
          const table = $("live");
          const mine = turn, all = await ask("/live?" + filter());
          if (mine !== turn || table.contains(document.activeElement) && document.activeElement.matches(":focus-visible")) return;
          all.sort((a, b) => a.age - b.age);
          show(table, liveColumns, all.map(row => line(liveColumns, row, chosen => openRecord(chosen, true))), filter().size ? "Nothing like this is under way." : "Nothing is under way.");
          write($("live-count"), all.length >= most ? "the first " + all.length : all.length ? String(all.length) : "");
        }
        async function loadHistory() {
          [fine, minutes] = await Promise.all([ask("/history?span=minutes"), ask("/history?span=day")]);
          if (fine.length) showNow(fine[fine.length - 1]);
          drawAll();
        }
        async function showStatus() {
          status = await ask("/status");
          lostLines = status.log_lines_lost_total;
          if (fine.length) showNow(fine[fine.length - 1]);
          write($("about"), "version " + clean(status.version || "–") + " · policy " + clean(status.policy || "").slice(0, 16) + " · up " + span(status.uptime_seconds * 1000));
        }
        function begin() {
          watch();
          if (isPaused) return state("Paused", "");
          if (document.hidden) return;
          for (const work of [loadHistory, loadRecords, showLive, showTops, showStatus]) quietly(work);
        }
        let pending;
        function filtered() {
          clearTimeout(pending);
          pending = setTimeout(() => { turn++; watch(); quietly(loadRecords); quietly(showLive); }, 250);
        }
        // One after the other: who is slow to answer is asked less often.
        async function every(milliseconds, work) {
          for (;;) {
            await new Promise(resume => setTimeout(resume, milliseconds));
            if (!isResting()) await quietly(work);
          }
        }
        function choice(id, chosen) {
          for (const button of $(id).children) button.addEventListener("click", () => {
            for (const other of $(id).children) other.setAttribute("aria-pressed", String(other === button));
            chosen(button.dataset.value);
          });
        }
        $("filters").addEventListener("input", filtered);
        $("filters").addEventListener("reset", () => setTimeout(filtered));
        $("filters").addEventListener("submit", event => { event.preventDefault(); filtered(); });
        $("close").addEventListener("click", () => $("record").close());
        $("record").addEventListener("click", event => { if (event.target === $("record")) $("record").close(); });
        $("pause").addEventListener("click", () => {
          isPaused = !isPaused;
          $("pause").setAttribute("aria-pressed", String(isPaused));
          begin();
        });
        choice("range", value => { range = Number(value); drawAll(); });
        choice("span", value => { topSpan = value; quietly(showTops); });
        document.addEventListener("visibilitychange", begin);
        if (!["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)) $("leave").hidden = false;
        setUpTiles();
        setUpPlots();
        show($("live"), liveColumns, [], "…");
        show($("ended"), endedColumns, [], "…");
        begin();
        every(3000, showLive);
        every(5000, showTops);
        every(10000, showStatus);
        every(60000, async () => { minutes = await ask("/history?span=day"); });

        """#
}
