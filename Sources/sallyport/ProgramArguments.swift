import Glibc

/// The words of the command line, the program's own name first.
enum ProgramArguments {
    /// Swift reads them from `/proc`, which an empty root doesn't have: a program that didn't see its options would run with
    /// others than it was told.
    static let all = CommandLine.arguments.isEmpty ? onStack() : CommandLine.arguments

    // MARK: - Private

    private static let most = 1 << 20

    /// Where the kernel has put them: their number, the words, a null, and then the environment, whose place the C library
    /// knows. To be called before the environment is added to.
    ///
    /// Spec: System V ABI, AMD64 supplement, figure 3.9 (initial process stack); the same on other processors.
    private static func onStack() -> [String] {
        let environment = environ
        for count in 0..<most {
            let words = environment - 1 - count
            let number = UnsafeRawPointer(words - 1).loadUnaligned(as: Int.self)
            guard number == count else { continue }
            return (0..<count).compactMap { words[$0].map { String(cString: $0) } }
        }
        return []
    }
}
