extension DashboardPage {
    static let markup = #"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Sallyport</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/dashboard.css">
        <script src="/dashboard.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#requests">To the requests</a>
        <header>
        <h1>Sallyport</h1>
        <p id="about" class="soft"></p>
        <p id="state" role="status" class="state">Connecting</p>
        <button id="pause" aria-pressed="false">Pause</button>
        <form method="post" action="/signout" id="leave" hidden><button>Sign out</button></form>
        </header>
        <noscript><p class="card">The plots need this page's own script. Without it, <a href="/status">/status</a> has every
        number and <a href="/connections">/connections</a> what is under way.</p></noscript>
        <main>
        <section aria-label="Now"><dl id="tiles" class="tiles"></dl></section>
        <section aria-labelledby="over-time">
        <div class="head"><h2 id="over-time">Over time</h2>
        <div class="choice" role="group" aria-label="How far back" id="range">
        <button data-value="600" aria-pressed="true">10 minutes</button><button data-value="3600"
        aria-pressed="false">Hour</button><button data-value="86400" aria-pressed="false">Day</button>
        </div></div>
        <div class="plots" id="plots"></div>
        </section>
        <section aria-labelledby="most-often">
        <div class="head"><h2 id="most-often">Most often</h2>
        <div class="choice" role="group" aria-label="Within" id="span">
        <button data-value="hour" aria-pressed="true">Hour</button><button data-value="day"
        aria-pressed="false">Day</button>
        </div></div>
        <div class="tops" id="tops"></div>
        </section>
        <section aria-labelledby="health-title">
        <h2 id="health-title">Health</h2>
        <div class="health" id="health"></div>
        </section>
        <section aria-labelledby="requests" id="tables">
        <div class="head"><h2 id="requests" tabindex="-1">Requests</h2>
        <form class="filters" id="filters" role="search" aria-label="Filter the requests">
        <label>Host <input name="host" type="search" autocomplete="off" spellcheck="false" autocapitalize="none"></label>
        <label>Client <input name="client" type="search" autocomplete="off" spellcheck="false"></label>
        <label>User <input name="user" type="search" autocomplete="off" spellcheck="false" autocapitalize="none"></label>
        <label>Verdict <select name="verdict"><option value="">any</option><option>allow</option><option>deny</option><option
        value="none">not judged</option></select></label>
        <button type="reset">Clear</button>
        </form></div>
        <h3>Under way <span id="live-count" class="soft"></span></h3>
        <div class="scroll" tabindex="0" role="region" aria-label="Requests under way"><table id="live"></table></div>
        <h3>Ended <span id="ended-count" class="soft"></span></h3>
        <div class="scroll" tabindex="0" role="region" aria-label="Requests that have ended"><table id="ended"></table></div>
        </section>
        </main>
        <dialog id="record" aria-labelledby="record-title">
        <div class="head"><h2 id="record-title"></h2><button id="close">Close</button></div>
        <div id="record-body"></div>
        </dialog>
        </body>
        </html>

        """#
}
