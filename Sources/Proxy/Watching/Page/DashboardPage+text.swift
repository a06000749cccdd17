extension DashboardPage {
    /// Making nodes, and showing numbers and what strangers have sent. Text becomes part of the page as text alone.
    static let scriptText = #"""
        const $ = id => document.getElementById(id);
        const SVG = "http://www.w3.org/2000/svg";
        function fill(node, attributes, children) {
          for (const [name, value] of Object.entries(attributes || {})) {
            if (name === "onclick") node.addEventListener("click", value);
            else if (value !== undefined) node.setAttribute(name, value);
          }
          for (const child of children) if (child !== undefined) node.append(child);
          return node;
        }
        const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
        const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
        function write(node, text) { if (node.textContent !== text) node.textContent = text; }
        // Bytes that were no UTF-8 stand in the log as U+EF80 to U+EFFF; what can't be seen is named.
        const hidden =
          /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0]/g;
        function clean(value) {
          return String(value).replace(/[\uef80-\uefff]/g, c => "\\x" + (c.charCodeAt(0) & 255).toString(16))
            .replace(hidden, c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
        }
        const foreign = value => h("span", { class: "foreign" }, clean(value));
        function number(value) {
          if (value >= 1e6) return trim(value / 1e6) + " M";
          if (value >= 1e4) return trim(value / 1e3) + " k";
          return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : trim(value);
        }
        const trim = value => String(Number(value.toPrecision(value >= 100 ? 4 : 3)));
        function bytes(value) {
          for (const unit of ["B", "kB", "MB", "GB"]) {
            if (value < 999.5) return trim(unit === "B" ? Math.round(value) : value) + " " + unit;
            value /= 1000;
          }
          return trim(value) + " TB";
        }
        const rate = value => bytes(value) + "/s";
        const perSecond = value => number(value) + "/s";
        function span(milliseconds) {
          if (milliseconds < 1) return trim(milliseconds) + " ms";
          if (milliseconds < 1000) return Math.round(milliseconds) + " ms";
          const seconds = milliseconds / 1000;
          if (seconds < 60) return trim(seconds) + " s";
          if (seconds < 3600) return Math.floor(seconds / 60) + " min";
          if (seconds < 172800) return Math.floor(seconds / 3600) + " h " + Math.floor(seconds / 60) % 60 + " min";
          return Math.floor(seconds / 86400) + " days";
        }
        const two = value => String(value).padStart(2, "0");
        function clock(seconds, withSeconds) {
          const at = new Date(seconds * 1000);
          return two(at.getHours()) + ":" + two(at.getMinutes()) + (withSeconds ? ":" + two(at.getSeconds()) : "");
        }
        async function ask(path) {
          const answer = await fetch(path, { cache: "no-store" });
          if (answer.status === 401) { location.reload(); }
          if (!answer.ok) throw new Error((await answer.text()).slice(0, 300));
          return answer.json();
        }

        """#
}
