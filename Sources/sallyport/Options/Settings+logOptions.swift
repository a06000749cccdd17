import AccessLog
import Proxy

extension Settings {
    /// The options of `sallyport run` about the access log.
    static let logOptions: [Option<Settings>] = [
        Option(name: "log-rotate", value: "WHEN", help: "a new file at a size, such as 100MB, or daily (never)") {
            settings, text throws(OptionError) in
            if text == "daily" {
                settings.logOptions.rotation.isDaily = true
            } else {
                settings.logOptions.rotation.maxBytes = try OptionValue.size(text)
            }
        },
        Option(name: "log-keep", value: "N", help: "rotated files that stay, 1-9999 (14)") {
            settings, text throws(OptionError) in
            settings.logOptions.rotation.keep = try OptionValue.number(text, 1...9999)
        },
        Option(name: "log-compress", value: "on|off", help: "rotated files are compressed by gzip (off)") {
            settings, text throws(OptionError) in
            settings.logOptions.rotation.compresses = try OptionValue.onOff(text)
        },
        Option(name: "log-full", value: "WHAT", help: "when the log takes nothing: stall (wait) or drop (stall)") {
            settings, text throws(OptionError) in
            settings.logOptions.whenFull = try OptionValue.oneOf(text)
        },
        Option(name: "log-interval", value: "TIME", help: "how often open tunnels are noted (10m)") {
            settings, text throws(OptionError) in
            settings.proxy.tunnelNoteInterval = try OptionValue.duration(text)
        },
        Option(name: "log-query", value: "WHAT", help: "queries of URLs in the log: keep, drop or hash (keep)") {
            settings, text throws(OptionError) in
            settings.proxy.privacy.queries = try OptionValue.oneOf(text)
        },
        Option(name: "log-clients", value: "WHAT", help: "clients and users in the log: plain or pseudonym (plain)") {
            settings, text throws(OptionError) in
            switch text {
            case "plain": settings.proxy.privacy.hidesClients = false
            case "pseudonym": settings.proxy.privacy.hidesClients = true
            default: throw OptionError("\"\(text)\" is neither", allowed: "plain or pseudonym is needed")
            }
        },
        Option(name: "log-key", value: "FILE", help: "the key of pseudonyms and hashes, 16 bytes or more (random)") {
            settings, text throws(OptionError) in
            settings.proxy.privacy.key = try OptionValue.key(text)
        },
        Option(name: "log-format", value: "FORM", help: "a second log in FILE.FORM: squid, common, combined … (none)") {
            settings, text throws(OptionError) in
            settings.copyFormat = try OptionValue.oneOf(text)
        },
        Option(name: "seal-key", value: "FILE", help: "seals are made with this key, 16 bytes or more (none)") {
            settings, text throws(OptionError) in
            settings.logOptions.sealKey = try OptionValue.key(text)
        },
        Option(name: "seal-syslog", value: "on|off", help: "each seal also goes to the system's log (off)") {
            settings, text throws(OptionError) in
            settings.sendsSeals = try OptionValue.onOff(text)
        },
    ]
}
