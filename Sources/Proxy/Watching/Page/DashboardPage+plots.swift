extension DashboardPage {
    /// The plots: lines or stacked areas over time, drawn anew with each sample.
    static let scriptPlots = #"""
        const plots = [
          { title: "Requests by verdict", show: perSecond, stacked: true,
            series: [["allow", "allowed"], ["deny", "denied"], ["none", "not judged"]] },
          { title: "Bytes", show: rate, least: 1000, series: [["down", "to clients"], ["up", "to origins"]] },
          { title: "Open", show: number, told: value => number(Math.round(value)), series: [["tunnels", "tunnels"], ["requests", "requests"], ["connections", "connections"]] },
          { title: "Connecting", show: span,
            series: [["connect_p50", "half within"], ["connect_p99", "99 % within"], ["resolve_p50", "half of names"]] }
        ];
        const letters = ["a", "b", "c"];
        let fine = [], minutes = [], range = 600;
        // No more points than can be told apart: each is the mean of several, but for what is a bound.
        function thin(all, most) {
          const size = Math.ceil(all.length / most);
          if (size < 2) return all;
          const thinned = [];
          for (let start = 0; start < all.length; start += size) {
            const group = all.slice(start, start + size), mean = {};
            for (const key of new Set(group.flatMap(Object.keys))) {
              const values = group.filter(sample => sample[key] !== undefined).map(sample => sample[key]);
              mean[key] = key.endsWith("_p99") ? Math.max(...values) : values.reduce((a, b) => a + b) / values.length;
            }
            thinned.push(mean);
          }
          return thinned;
        }
        function points(most) {
          const now = Math.max(Date.now() / 1000, fine.length ? fine[fine.length - 1].t : 0), from = now - range;
          let all = fine;
          if (range > 600) {
            const last = minutes.length ? minutes[minutes.length - 1].t : 0;
            all = minutes.concat(fine.filter(sample => sample.t > last));
          }
          return { from, now, all: thin(all.filter(sample => sample.t >= from), most) };
        }
        function nice(value) {
          if (!(value > 0)) return 1;
          const power = 10 ** Math.floor(Math.log10(value));
          return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find(step => step * power >= value * 0.999) * power;
        }
        function setUpPlots() {
          for (const plot of plots) {
            plot.keys = plot.series.map(([key, name], index) => {
              const text = h("span", {});
              const line = s("svg", { viewBox: "0 0 26 10", "aria-hidden": "true" },
                s("line", { x1: 0, x2: 26, y1: 5, y2: 5, class: "s s" + letters[index] }));
              return { node: h("span", { class: "key" }, line, text), text, name, key };
            });
            plot.drawing = s("svg", { role: "img" });
            const place = h("div", { class: "plot" }, plot.drawing);
            place.addEventListener("pointermove", event => { plot.x = event.offsetX; draw(plot); });
            place.addEventListener("pointerleave", () => { plot.x = undefined; draw(plot); });
            plot.place = place;
            $("plots").append(h("figure", {},
              h("figcaption", {}, h("strong", {}, plot.title), ...plot.keys.map(key => key.node)), place));
          }
          new ResizeObserver(drawAll).observe($("plots"));
        }
        function drawAll() { for (const plot of plots) draw(plot); }
        function draw(plot) {
          const width = plot.place.clientWidth, height = plot.place.clientHeight;
          if (!width) return;
          const { from, now, all } = points(width / 2);
          const left = 64, right = 6, top = 8, bottom = 20;
          const x = time => left + (time - from) / (now - from) * (width - left - right);
          const value = (sample, index) => sample[plot.series[index][0]] || 0;
          const sum = (sample, upTo) => {
            let total = 0;
            for (let index = 0; index <= upTo; index++) total += value(sample, index);
            return total;
          };
          const level = plot.stacked ? sum : value;
          let most = 0;
          for (const sample of all) plot.series.forEach((_, index) => { most = Math.max(most, level(sample, index)); });
          const ceiling = nice(Math.max(most, plot.least || 0));
          const y = amount => height - bottom - amount / ceiling * (height - top - bottom);
          const nodes = [];
          for (let tick = 0; tick <= 2; tick++) {
            const at = Math.round(y(ceiling * tick / 2)) + 0.5;
            nodes.push(s("line", { class: "grid", x1: left, x2: width - right, y1: at, y2: at }),
              s("text", { x: left - 8, y: at + 4, "text-anchor": "end" }, plot.show(ceiling * tick / 2)));
          }
          const step = timeStep(range, width);
          const zone = new Date().getTimezoneOffset() * 60;
          for (let time = Math.ceil((from - zone) / step) * step + zone; time < now; time += step) {
            if (x(time) > left + 14 && x(time) < width - right - 14) {
              nodes.push(s("text", { x: x(time), y: height - 4, "text-anchor": "middle" }, clock(time)));
            }
          }
          const shift = amount => amount.toFixed(1);
          const line = (index, samples) => samples.map(sample => shift(x(sample.t)) + "," + shift(y(level(sample, index))));
          if (all.length > 1) {
            for (let index = plot.series.length - 1; index >= 0; index--) {
              const path = line(index, all);
              if (plot.stacked || index === 0) {
                const floor = plot.stacked && index > 0 ? line(index - 1, all).reverse()
                  : [shift(x(all[all.length - 1].t)) + "," + shift(y(0)), shift(x(all[0].t)) + "," + shift(y(0))];
                nodes.push(s("polygon", { class: "area f" + letters[index], points: path.concat(floor).join(" ") }));
              }
              nodes.push(s("polyline", { class: "s s" + letters[index], points: path.join(" ") }));
            }
          }
          const shown = nearest(plot, all, x);
          if (shown && plot.x !== undefined) {
            const at = x(shown.t);
            nodes.push(s("line", { class: "cross", x1: at, x2: at, y1: top + 8, y2: height - bottom }),
              s("text", { class: "mark", x: Math.min(Math.max(at, left + 26), width - right - 26), y: top + 4,
                "text-anchor": "middle" },
                clock(shown.t, true)));
          }
          const texts = plot.keys.map(key => key.name + " " + (shown && shown[key.key] !== undefined ? (plot.told || plot.show)(shown[key.key]) : "–"));
          plot.keys.forEach((key, index) => write(key.text, texts[index]));
          plot.drawing.setAttribute("aria-label", plot.title + ", now: " + texts.join(", ") + "; at most " + plot.show(most));
          plot.drawing.setAttribute("viewBox", "0 0 " + width + " " + height);
          plot.drawing.replaceChildren(...nodes);
        }
        function timeStep(seconds, width) {
          const least = seconds / Math.max(2, width / 90);
          return [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600].find(step => step >= least) || 43200;
        }
        function nearest(plot, all, x) {
          if (plot.x === undefined) return all[all.length - 1];
          let best;
          for (const sample of all) if (!best || Math.abs(x(sample.t) - plot.x) < Math.abs(x(best.t) - plot.x)) best = sample;
          return best;
        }

        """#
}
