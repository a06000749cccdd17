import EventLoop
import Wire

extension Benchmark {
    /// Reads request heads as the proxy does, on this thread.
    func parse() {
        let heads = [
            ("parse-connect", "a CONNECT head", SampleHeads.connect),
            ("parse-get", "a browser's GET head", SampleHeads.browser),
        ]
        for (name, what, text) in heads {
            var section = Section(name: name, title: "\(what) read, without any socket", units: .parse)
            var row = Row(contender: Contender.sallyport.name, variant: "\(text.utf8.count) bytes")
            for _ in 0..<options.rounds { row.samples.append(Self.timeHead(Array(text.utf8), options.seconds)) }
            section.rows.append(row)
            report.sections.append(section)
        }
    }

    /// As often as goes in `seconds`, the head used again as a worker does.
    private static func timeHead(_ bytes: [UInt8], _ seconds: Double) -> Sample {
        var head = HTTP1.RequestHead()
        var (rounds, errors) = (0, 0)
        let began = ProcessorTime.own
        let end = Instant.now().advanced(by: .seconds(seconds))
        repeat {
            for _ in 0..<1000 {
                var scanner = HTTP1.HeadScanner(.request)
                do throws(HTTP1.ParseError) {
                    guard try scanner.scan(bytes.span) == bytes.count else { throw .unterminatedHead }
                    try head.parse(bytes.span)
                } catch {
                    errors += 1
                }
            }
            rounds += 1000
        } while Instant.now() < end
        return Sample(cost: (ProcessorTime.own - began) / Double(rounds) * 1e9, errors: errors)
    }
}

/// Heads as clients send them.
enum SampleHeads {
    static let connect = """
        CONNECT www.example.com:443 HTTP/1.1\r
        Host: www.example.com:443\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r
        Proxy-Connection: keep-alive\r
        Connection: keep-alive\r
        \r

        """

    static let browser = """
        GET http://www.example.com/articles/2026/proxies?page=2&sort=new HTTP/1.1\r
        Host: www.example.com\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r
        Accept-Language: en-GB,en;q=0.8,de;q=0.5,de-DE;q=0.3\r
        Accept-Encoding: gzip, deflate\r
        Referer: http://www.example.com/articles/2026/\r
        Connection: keep-alive\r
        Cookie: session=5f1c2e8ab4d94d0c8f8f1c2e8ab4d94d; theme=dark; consent=necessary\r
        Upgrade-Insecure-Requests: 1\r
        If-Modified-Since: Tue, 14 Jul 2026 08:12:31 GMT\r
        If-None-Match: "5f1c2e8a-b4d9"\r
        Cache-Control: max-age=0\r
        Priority: u=0, i\r
        \r

        """
}
