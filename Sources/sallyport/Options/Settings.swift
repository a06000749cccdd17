import AccessLog
import Addressing
import Glibc
import Proxy

/// All that options can set.
struct Settings {
    var proxy = Configuration()
    var policy = "acl/policy.conf"
    /// `-` is standard output; nil is no log.
    var log: String? = "logs/access.log"
    var logOptions = LogWriter.Options()
    /// Whether each seal also goes to the system's log.
    var sendsSeals = false
    /// The second log's form; its file is the log's with `.FORM` behind it.
    var copyFormat: LogFormat?
    /// How long open tunnels may go on after the first SIGTERM.
    var grace = Duration.seconds(10)
    /// The optional file of options.
    var file: String?
    /// Whether `proxy.listeners` are no longer the default ones.
    var hasListeners = false

    init() {
        // All cores there are; more loops than the configuration allows serve nobody.
        proxy.workers = min(64, max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))))
    }

    mutating func listen(on endpoint: Endpoint) {
        if !hasListeners { proxy.listeners = [] }
        hasListeners = true
        proxy.listeners.append(Configuration.Listener(endpoint))
    }
}
