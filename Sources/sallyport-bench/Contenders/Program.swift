import Glibc

/// Finding programs, and asking for their versions.
enum Program {
    /// The path of a contender's program; nil when it isn't installed. Sallyport's own is the one built with this one.
    ///
    /// - Parameter other: that of the other build of Sallyport, if there is one.
    static func path(of contender: Contender, other: String?) -> String? {
        if contender.name == Contender.besides.name { return other }
        if contender.name == Contender.sallyport.name { return beside(contender.executable) }
        let search = getenv("PATH").map { String(cString: $0) } ?? ""
        // Where servers are, and where users' searches mostly don't lead.
        let folders = search.split(separator: ":").map(String.init) + ["/usr/local/sbin", "/usr/sbin", "/sbin"]
        return folders.map { "\($0)/\(contender.executable)" }.first { access($0, X_OK) == 0 }
    }

    /// A file in the folder of this program.
    static func beside(_ name: String) -> String? {
        guard let folder = ownFolder else { return nil }
        let path = "\(folder)/\(name)"
        return access(path, X_OK) == 0 ? path : nil
    }

    static var ownFolder: String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        }
        guard count > 0 else { return nil }
        let path = String(decoding: buffer[..<count], as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }

    /// What the program prints with these arguments, at most two seconds later.
    static func output(of arguments: [String], in folder: String) -> String {
        let file = "\(folder)/output"
        unlink(file)
        defer { unlink(file) }
        guard let child = try? Child(arguments, output: file, core: nil) else { return "" }
        let limit = ContinuousClock.now + .seconds(2)
        while child.isRunning && ContinuousClock.now < limit { usleep(1000) }
        child.end(within: .zero)
        return TextFile.read(file) ?? ""
    }

    /// The version: the first line with a digit of what the contender prints when asked.
    static func version(of contender: Contender, at path: String, in folder: String) -> String {
        let lines = output(of: [path, contender.versionFlag], in: folder).split(separator: "\n")
        let line = lines.first { $0.contains { $0.isNumber } } ?? ""
        return line.isEmpty ? "of unknown version" : String(line.prefix(60))
    }
}
