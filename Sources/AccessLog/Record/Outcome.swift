/// What became of a request, in one word: the same token stands in the log, in `Proxy-Status` and in the metrics.
///
/// The raw value is the token as RFC 9209 registers it; `ok` is ours, for a request that was served to its end.
///
/// Spec: RFC 9209 §2.3.
public enum Outcome: String, Sendable, CaseIterable {
    /// Served; whatever ended it was no failure.
    case ok
    /// The name server did not answer in time.
    case dnsTimeout = "dns_timeout"
    /// The name does not exist, or the name server failed.
    case dnsError = "dns_error"
    /// No origin could be determined for the request.
    case destinationNotFound = "destination_not_found"
    /// The origin is known to be unavailable and was not tried.
    case destinationUnavailable = "destination_unavailable"
    /// The policy refuses the addresses the name has.
    case destinationIPProhibited = "destination_ip_prohibited"
    /// There is no route to the address.
    case destinationIPUnroutable = "destination_ip_unroutable"
    /// The origin refused the connection.
    case connectionRefused = "connection_refused"
    /// The connection broke before the answer was complete.
    case connectionTerminated = "connection_terminated"
    /// The origin did not accept the connection in time.
    case connectionTimeout = "connection_timeout"
    /// Nothing was read from a peer for too long.
    case connectionReadTimeout = "connection_read_timeout"
    /// A peer took nothing for too long.
    case connectionWriteTimeout = "connection_write_timeout"
    /// A limit of ours on connections, memory or descriptors.
    case connectionLimitReached = "connection_limit_reached"
    /// The TLS handshake failed, or what should have been TLS was not.
    case tlsProtocolError = "tls_protocol_error"
    /// The certificate of a TLS peer was not accepted.
    case tlsCertificateError = "tls_certificate_error"
    /// A TLS peer sent an alert.
    case tlsAlertReceived = "tls_alert_received"
    /// The request is malformed, or a garbled something that is no request.
    case httpRequestError = "http_request_error"
    /// The policy denied it, or credentials were missing or wrong.
    case httpRequestDenied = "http_request_denied"
    /// The origin's answer ended early.
    case httpResponseIncomplete = "http_response_incomplete"
    /// The head of the origin's answer is too large.
    case httpResponseHeaderSectionSize = "http_response_header_section_size"
    /// One field of the origin's answer is too large.
    case httpResponseHeaderSize = "http_response_header_size"
    /// The body of the origin's answer is too large.
    case httpResponseBodySize = "http_response_body_size"
    /// The trailers of the origin's answer are too large.
    case httpResponseTrailerSectionSize = "http_response_trailer_section_size"
    /// One trailer of the origin's answer is too large.
    case httpResponseTrailerSize = "http_response_trailer_size"
    /// The transfer coding of the origin's answer can't be decoded.
    case httpResponseTransferCoding = "http_response_transfer_coding"
    /// The content coding of the origin's answer can't be decoded.
    case httpResponseContentCoding = "http_response_content_coding"
    /// The origin's answer did not come in time.
    case httpResponseTimeout = "http_response_timeout"
    /// The origin refused to switch protocols.
    case httpUpgradeFailed = "http_upgrade_failed"
    /// The origin's answer is no HTTP.
    case httpProtocolError = "http_protocol_error"
    /// The proxy answered of its own accord, without an error.
    case proxyInternalResponse = "proxy_internal_response"
    /// A failure of ours.
    case proxyInternalError = "proxy_internal_error"
    /// The configuration makes it impossible.
    case proxyConfigurationError = "proxy_configuration_error"
    /// The request leads back to this proxy.
    case proxyLoopDetected = "proxy_loop_detected"
}
