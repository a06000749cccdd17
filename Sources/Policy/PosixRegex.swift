import Glibc

/// An extended regular expression of the C library, compiled; letters match without case.
final class PosixRegex {
    let pattern: String
    private let compiled: UnsafeMutablePointer<regex_t>

    struct Failure: Error {
        let message: String
    }

    /// Back references are refused: matching them can take time exponential in the length of the name.
    init(_ pattern: String) throws(Failure) {
        var isEscaped = false
        for byte in pattern.utf8 {
            if isEscaped, byte >= UInt8(ascii: "1"), byte <= UInt8(ascii: "9") {
                throw Failure(message: "back references are not allowed")
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        let memory = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        memory.initialize(to: regex_t())
        let code = regcomp(memory, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB)
        guard code == 0 else {
            var text = [UInt8](repeating: 0, count: 200)
            let length = text.withUnsafeMutableBytes { buffer in
                regerror(code, memory, buffer.baseAddress!.assumingMemoryBound(to: CChar.self), buffer.count)
            }
            memory.deallocate()
            throw Failure(message: String(decoding: text.prefix(max(0, min(length, text.count) - 1)), as: UTF8.self))
        }
        // Last, as deinit frees what was compiled.
        self.pattern = pattern
        compiled = memory
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    /// Whether the expression matches anywhere in the text, which holds no NUL.
    func matches(_ text: String) -> Bool {
        regexec(compiled, text, 0, nil, 0) == 0
    }
}

// SAFETY: regexec may be called by several threads with one compiled expression (POSIX.1 §2.9.1); nothing else is done
// with it until the last reference is gone.
extension PosixRegex: @unchecked Sendable {}
