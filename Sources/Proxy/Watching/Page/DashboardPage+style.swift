extension DashboardPage {
    static let style = #"""
        :root { color-scheme: light dark; --ground: #f6f5f1; --card: #fff; --ink: #1d2326; --soft: #566066; --line: #dcdbd5;
          --link: #0b5a83; --good: #17663a; --bad: #b02a12; --a: #2a78b5; --b: #d1541d; --c: #8a8f93; --fill: .16 }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #12171a; --card: #1a2024; --ink: #e8e9e6; --soft: #a3aeb3; --line: #333d42; --link: #7cc4ee;
            --good: #77d19b; --bad: #ff9d85; --a: #5aa9e6; --b: #f2844f; --c: #8d979c; --fill: .22 }
        }
        * { box-sizing: border-box }
        [hidden] { display: none !important }
        body { margin: 0 auto; max-width: 84rem; padding: 0 1.25rem 3rem; background: var(--ground); color: var(--ink);
          font: .9375rem/1.5 system-ui, "DejaVu Sans", sans-serif }
        header, .head { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center }
        header { padding: .9rem 0 .7rem } header p { margin: 0 } header form { margin: 0 }
        header #about { flex: 1 1 16rem; min-width: 0; overflow-wrap: anywhere }
        h1 { font-size: 1.35rem; margin: 0 } h2 { font-size: 1.1rem; margin: 0 } h3 { font-size: .95rem; margin: 1.1rem 0 .4rem }
        h3 span { font-weight: 400 }
        section { margin-top: 1.6rem } section > h2, .head { margin-bottom: .6rem } .head h2 { flex: 1 1 auto }
        .soft { color: var(--soft) } .good { color: var(--good) } .bad { color: var(--bad) } .bad, .good { font-weight: 600 }
        a { color: var(--link) }
        :focus-visible { outline: .18rem solid var(--link); outline-offset: .12rem; border-radius: .2rem }
        .skip { position: absolute; left: -100vw } .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem }
        button, input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
          border-radius: .4rem; padding: .35rem .7rem; min-width: 0 }
        button { cursor: pointer } button:hover { border-color: var(--link) }
        input, select { border-color: var(--c) }
        button[aria-pressed=true] { background: var(--link); border-color: var(--link); color: var(--ground); font-weight: 600 }
        .choice { display: flex } .choice button { border-radius: 0; margin-left: -1px }
        .choice button:first-child { border-radius: .4rem 0 0 .4rem } .choice button:last-child { border-radius: 0 .4rem .4rem 0 }
        .state::before { content: "● "; color: var(--c) } .state.live::before { color: var(--good) }
        .state.off::before { content: "▲ "; color: var(--bad) }
        .card, .tiles div, .plots figure, .tops > div, .health > div { background: var(--card); border: 1px solid var(--line);
          border-radius: .6rem; padding: .8rem 1rem; margin: 0; min-width: 0 }
        dl, dd { margin: 0 } dt { color: var(--soft) }
        .tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: .75rem }
        .tiles dt { font-size: .85rem } .tiles dd { font-variant-numeric: tabular-nums }
        .tiles .value { font-size: 1.5rem; font-weight: 650; line-height: 1.3; white-space: nowrap }
        .tiles .note { color: var(--soft); font-size: .85rem }
        .plots { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem }
        .plots figcaption { display: flex; flex-wrap: wrap; gap: .1rem 1rem; align-items: baseline }
        .plots figcaption strong { flex: 1 0 100% }
        .key { white-space: nowrap; color: var(--soft); font-size: .85rem; font-variant-numeric: tabular-nums }
        .key svg { width: 1.3rem; height: .65rem; margin-right: .35rem; overflow: visible }
        .plot { position: relative; height: 10.5rem; margin-top: .5rem } .plot > svg { position: absolute; width: 100%; height: 100% }
        svg text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums }
        .grid { stroke: var(--line); stroke-width: 1; shape-rendering: crispEdges } .cross { stroke: var(--soft); stroke-width: 1 }
        svg .mark { fill: var(--ink); paint-order: stroke; stroke: var(--card); stroke-width: 5px }
        .s { fill: none; stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round }
        .area { stroke: none; fill-opacity: var(--fill) }
        .sa { stroke: var(--a) } .sb { stroke: var(--b); stroke-dasharray: 6 3 } .sc { stroke: var(--c); stroke-dasharray: 2 3 }
        .fa { fill: var(--a) } .fb { fill: var(--b) } .fc { fill: var(--c) }
        .tops { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem } .tops h3 { margin: 0 0 .4rem }
        .tops ol { list-style: none; margin: 0; padding: 0 } .tops li { display: grid; grid-template-columns: 1fr auto; gap: 0 .75rem;
          padding: .22rem 0 } .tops li > :first-child, .tops li > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
        .tops svg { grid-column: 1 / -1; width: 100%; height: 4px; margin-top: .1rem; border-radius: 2px; background: var(--line) }
        .plain { border: 0; background: none; padding: 0; text-align: left; color: var(--link); text-decoration: underline;
          text-decoration-color: transparent; border-radius: 0; font-variant-numeric: tabular-nums }
        .plain:hover { text-decoration-color: inherit } .num { text-align: right; font-variant-numeric: tabular-nums }
        .foreign { unicode-bidi: isolate }
        .health { display: grid; grid-template-columns: repeat(3, 1fr); gap: .75rem } .health h3 { margin: 0 0 .3rem; display: flex;
          justify-content: space-between; gap: 1rem }
        .pairs > div { display: grid; grid-template-columns: 10rem 1fr; gap: 0 1rem; padding: .12rem 0;
          align-items: baseline }
        .health .pairs > div { grid-template-columns: 1fr auto } .pairs dd { overflow-wrap: anywhere; min-width: 0 }
        .health dd { font-variant-numeric: tabular-nums; text-align: right }
        .filters { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: end; margin: 0 }
        .filters label { font-size: .85rem; color: var(--soft) } .filters input, .filters select { display: block; width: 9.5rem; height: 2.2rem;
          color: var(--ink); font-size: .9375rem }
        .scroll { overflow: auto; max-height: 28rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card) }
        table { width: 100%; border-collapse: collapse } th, td { text-align: left; padding: .32rem .7rem; white-space: nowrap;
          border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums }
        th { position: sticky; top: 0; background: var(--card); font-weight: 600; font-size: .85rem; color: var(--soft); z-index: 1 }
        td.text { max-width: 17rem; overflow: hidden; text-overflow: ellipsis } tbody tr:last-child td { border-bottom: 0 }
        tbody tr { cursor: pointer } tbody tr:hover td { background: color-mix(in srgb, var(--link) 8%, transparent) }
        tbody tr.none { cursor: default } tr.none td { color: var(--soft); background: none !important }
        th.num, td.num { text-align: right }
        dialog { width: min(56rem, calc(100vw - 2rem)); max-height: calc(100vh - 3rem); border: 1px solid var(--line);
          border-radius: .7rem; background: var(--card); color: var(--ink); padding: 1.1rem 1.3rem; overflow: auto }
        dialog::backdrop { background: #0008 } dialog h2 { overflow-wrap: anywhere; min-width: 0 } dialog .head { flex-wrap: nowrap }
        dialog h3 { margin-top: 1.2rem } .pairs dd.code, pre, code { font: .88em/1.5 ui-monospace, "DejaVu Sans Mono", monospace }
        pre { margin: .4rem 0; padding: .7rem .9rem; background: var(--ground); border: 1px solid var(--line); border-radius: .5rem;
          white-space: pre-wrap; overflow-wrap: anywhere } .lead { font-size: 1.05rem; margin: .3rem 0 }
        .door main { max-width: 26rem; margin: 12vh auto 0; background: var(--card); border: 1px solid var(--line);
          border-radius: .7rem; padding: 1.5rem } .door label { display: block; margin: 1rem 0 .3rem; font-weight: 600 }
        .door form { display: grid; gap: .6rem } .door button { background: var(--link); color: var(--ground); font-weight: 600 }
        @media (max-width: 70rem) { .tiles { grid-template-columns: repeat(3, 1fr) } .tops { grid-template-columns: 1fr 1fr }
          .wide { display: none } }
        @media (max-width: 46rem) { body { padding: 0 .8rem 2rem } .plots, .tops, .health { grid-template-columns: minmax(0, 1fr) }
          .tiles { grid-template-columns: 1fr 1fr; gap: .5rem } .tiles div { padding: .55rem .75rem } .mid { display: none }
          .filters label { flex: 1 1 8rem } .filters input, .filters select { width: 100% } td, th { padding: .4rem .35rem }
          td.text { max-width: 7.5rem } .pairs > div { grid-template-columns: 7rem 1fr } header #about { order: 9; flex-basis: 100% }
          header h1 { flex: 1 } .scroll { max-height: 24rem } }

        """#
}
