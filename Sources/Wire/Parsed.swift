/// What a parser makes of the bytes that are there so far.
///
/// Incomplete is no error: more bytes are asked for, and none were consumed. A parser that gives `.complete` consumed
/// exactly `consumed` bytes from the front; what follows them belongs to whatever the protocol puts next.
public enum Parsed<Value> {
    case incomplete
    case complete(Value, consumed: Int)
}

extension Parsed: Sendable where Value: Sendable {}
extension Parsed: Equatable where Value: Equatable {}
