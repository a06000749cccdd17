extension HTTP1 {
    /// Whether `byte` can be the first of a request: of a method, which is a token. Spec: RFC 9110 §9.1.
    public static func canBeginRequest(_ byte: UInt8) -> Bool {
        ByteClass.isToken(byte)
    }
}
