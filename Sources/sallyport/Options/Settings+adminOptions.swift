import Proxy

extension Settings {
    /// How operators ask the proxy how it is.
    static let adminOptions: [Option<Settings>] = [
        Option(
            name: "admin", value: "PLACE",
            help: "where operators are answered: unix:PATH or ADDR:PORT, of loopback unless there is a token (off)"
        ) { settings, text throws(OptionError) in
            settings.admin = text == "off" ? nil : try OptionValue.adminPlace(text)
        },
        Option(
            name: "admin-token", value: "FILE",
            help: "what operators from other machines have to show, 16 bytes or more (none)"
        ) { settings, text throws(OptionError) in
            settings.adminToken = try OptionValue.token(of: text)
        },
    ]
}

extension OptionValue {
    /// `unix:/run/sallyport/admin.sock`, `127.0.0.1:9128`.
    static func adminPlace(_ text: String) throws(OptionError) -> AdminPlace {
        let allowed = "unix: and a path of up to 107 bytes, or an address and a port such as 127.0.0.1:9128, is needed"
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, path.utf8.count < 108, !path.utf8.contains(0) else {
                throw OptionError("\"\(text)\" is no place", allowed: allowed)
            }
            return .local(path: path)
        }
        do throws(OptionError) {
            return .port(try listener(text))
        } catch {
            throw OptionError("\"\(text)\" is no place", allowed: allowed)
        }
    }

    /// A file that holds a token, without the white space around it.
    static func token(of path: String) throws(OptionError) -> [UInt8] {
        let allowed = "a file with a token of 16 to 4096 visible characters is needed"
        let text: [UInt8]
        do throws(TextFileError) {
            text = try TextFile.bytes(of: path, limit: 4200)
        } catch {
            throw OptionError("\(path): \(error)", allowed: allowed)
        }
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        let token = Array(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        guard (16...4096).contains(token.count), token.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw OptionError("\(path) holds no token", allowed: allowed)
        }
        return token
    }

    /// A number of bytes: `268435456`, `500M`, `2G`; `K` is 1024, `KB` is 1000.
    static func memory(_ text: String) throws(OptionError) -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [(name: Substring, bytes: Int)] = [
            ("", 1), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("KB", 1000), ("MB", 1_000_000),
            ("GB", 1_000_000_000),
        ]
        guard let number = Int(digits), number > 0,
            let unit = units.first(where: { $0.name == text.dropFirst(digits.count) }),
            case (let bytes, let isTooMuch) = number.multipliedReportingOverflow(by: unit.bytes), !isTooMuch
        else {
            throw OptionError("\"\(text)\" is no size", allowed: "a number with its unit is needed, such as 500M or 2G")
        }
        guard bytes >= 1 << 20 else {
            throw OptionError("\"\(text)\" is less than the proxy itself needs", allowed: "1M or more is allowed")
        }
        return bytes
    }
}
