import Addressing

// The record's line from its third key on, in the fixed order of the design; `v`, `type` and `seq` are put in front
// by the writer, which alone knows the number.
extension Record {
    /// Appends `,"id":…}` and a line feed: what follows `{"v":1,"type":"request","seq":N` in the log.
    public func append(to buffer: inout [UInt8]) {
        var memory = LineMemory()
        buffer.append(addingCapacity: maxLineBytes) { output in
            output.withUnsafeMutableBufferPointer { room, initialized in
                var line = LineCursor(UnsafeMutableBufferPointer(rebasing: room[initialized...]))
                let start = line.next
                write(to: &line, memory: &memory)
                initialized += line.next - start
            }
        }
    }

    /// An upper bound for the length of the line; a test holds it against a record with everything at its longest.
    var maxLineBytes: Int {
        3072 + texts.count * LineCursor.maxGrowth + (decision?.count ?? 0) + (resolved.count + refused.count) * 48
            + attempts.count * 256
    }

    func write(to line: inout LineCursor, memory: inout LineMemory) {
        writeEnvelope(&line, &memory)
        writeRequest(&line)
        writeDecision(&line)
        writeRoute(&line)
        writeVolume(&line)
        writeEnding(&line)
        line.put("}\n")
    }

    // MARK: - Private

    private func writeEnvelope(_ line: inout LineCursor, _ memory: inout LineMemory) {
        line.put(",\"id\":\"")
        let begin = line.next
        memory.connection.put(connection, to: &line)
        let name = UnsafeBufferPointer(start: begin, count: line.next - begin)
        line.put(UInt8(ascii: "."))
        line.put(decimal: UInt64(ordinal))
        line.put("\",\"conn\":\"")
        line.put(name)
        line.put("\",\"worker\":")
        line.put(decimal: UInt64(connection.worker))
        line.put(",\"start\":\"")
        memory.start.put(start, to: &line)
        if let end {
            line.put("\",\"end\":\"")
            memory.end.put(end, to: &line)
        }
        line.put(UInt8(ascii: "\""))
        put(.client, ",\"client\":", &line)
        if let client, !texts.has(.client) {
            line.put(",\"client\":\"")
            line.put(client.address)
            line.put("\",\"client_port\":")
            line.put(decimal: UInt64(client.port.rawValue))
        }
        line.put(",\"peer\":", peer)
        if let listener {
            line.put(",\"listener\":\"")
            memory.listener.put(listener, to: &line)
            line.put(UInt8(ascii: "\""))
        }
    }

    private func writeRequest(_ line: inout LineCursor) {
        put(.user, ",\"user\":", &line)
        put(.userClaimed, ",\"user_claimed\":", &line)
        line.put(",\"auth\":", token: auth?.rawValue)
        put(.authResult, ",\"auth_result\":", &line)
        line.put(",\"proto\":", token: proto?.rawValue)
        put(.method, ",\"method\":", &line)
        put(.scheme, ",\"scheme\":", &line)
        if let hostAddress {
            line.put(",\"host\":\"")
            line.put(hostAddress)
            line.put(UInt8(ascii: "\""))
        } else {
            put(.host, ",\"host\":", &line)
        }
        put(.hostRaw, ",\"host_raw\":", &line)
        line.put(",\"port\":", decimal: port?.rawValue)
        put(.path, ",\"path\":", &line)
        put(.userAgent, ",\"ua\":", &line)
        put(.referer, ",\"referer\":", &line)
    }

    func writeDecision(_ line: inout LineCursor) {
        if let decision { return decision.put(to: &line) }
        line.put(",\"verdict\":", token: verdict?.rawValue)
        put(.rule, ",\"rule\":", &line)
        put(.entry, ",\"entry\":", &line)
        put(.reason, ",\"reason\":", &line)
        put(.would, ",\"would\":", &line)
        put(.policy, ",\"policy\":", &line)
    }

    private func writeRoute(_ line: inout LineCursor) {
        put(.resolver, ",\"resolver\":", &line)
        line.put(",\"resolved\":", resolved)
        line.put(",\"refused\":", refused)
        if let dialled {
            line.put(",\"dialled\":\"")
            line.put(dialled)
            line.put(UInt8(ascii: "\""))
        }
        if !attempts.isEmpty {
            line.put(",\"attempts\":")
            for (index, attempt) in attempts.enumerated() {
                line.put(index == 0 ? "[" : ",")
                line.put(attempt)
            }
            line.put(UInt8(ascii: "]"))
        }
        put(.destinations, ",\"destinations\":", &line)
        line.put(",\"local\":", local)
        put(.serverName, ",\"sni\":", &line)
        line.put(",\"sni_match\":", serverNameMatches)
        put(.alpn, ",\"alpn\":", &line)
        put(.tlsVersion, ",\"tls_version\":", &line)
        line.put(",\"ech\":", hasEncryptedHello)
    }

    private func writeVolume(_ line: inout LineCursor) {
        line.put(",\"status\":", decimal: status)
        line.put(",\"origin_status\":", decimal: originStatus)
        line.put(",\"reply\":", decimal: reply)
        line.put(",\"up\":", decimal: up)
        line.put(",\"down\":", decimal: down)
        line.put(",\"up_head\":", decimal: upHead)
        line.put(",\"down_head\":", decimal: downHead)
        line.put(",\"datagrams_up\":", decimal: datagramsUp)
        line.put(",\"datagrams_down\":", decimal: datagramsDown)
        line.put(",\"rtt_client\":", decimal: clientRoundTrip)
        line.put(",\"rtt_origin\":", decimal: originRoundTrip)
        if clientRetransmits != nil || originRetransmits != nil {
            let total = UInt64(clientRetransmits ?? 0) + UInt64(originRetransmits ?? 0)
            line.put(",\"retrans\":", decimal: total)
            if total > 0 {
                line.put(",\"retrans_client\":", decimal: clientRetransmits)
                line.put(",\"retrans_origin\":", decimal: originRetransmits)
            }
        }
    }

    private func writeEnding(_ line: inout LineCursor) {
        line.put(",\"outcome\":", token: outcome?.rawValue)
        line.put(",\"ended_by\":", token: endedBy?.rawValue)
        line.put(",\"stage\":", token: stage?.rawValue)
        if errorNumber != 0 {
            line.put(",\"errno\":\"")
            line.put(errorName: errorNumber)
            line.put(UInt8(ascii: "\""))
        }
        var opening: StaticString = ",\"ms\":{"
        line.put("\"negotiate\":", milliseconds: durations.negotiate, after: &opening)
        line.put("\"auth\":", milliseconds: durations.authenticate, after: &opening)
        line.put("\"resolve\":", milliseconds: durations.resolve, after: &opening)
        line.put("\"connect\":", milliseconds: durations.connect, after: &opening)
        line.put("\"first_byte\":", milliseconds: durations.firstByte, after: &opening)
        line.put("\"total\":", milliseconds: durations.total, after: &opening)
        // Whatever came first has made it a comma.
        if opening.utf8CodeUnitCount == 1 { line.put(UInt8(ascii: "}")) }
    }

    @inline(__always)
    private func put(_ field: TextField, _ key: StaticString, _ line: inout LineCursor) {
        texts.read(field) { text in
            line.put(key)
            line.put(UInt8(ascii: "\""))
            line.put(escaped: text)
            line.put(UInt8(ascii: "\""))
        }
    }
}
