import SyncCore
import SyncPorts

/// Fetches one picture into an ``AssetFolder``, going on where an earlier attempt stopped.
struct AssetFetcher: Sendable {
    /// Bounds of one picture.
    struct Limits: Sendable {
        /// Most bytes.
        var bytes: Int64 = 20_000_000
        /// Most time for one attempt; what came until then is kept.
        var deadline = Duration.seconds(120)
        /// Most redirects.
        var redirects = 5
    }

    /// What came of it.
    struct Result: Sendable {
        var outcome: AssetOutcome
        /// Whether neither name, network nor server answered at all.
        var isOffline = false
        /// Whether the task was cancelled.
        var isCancelled = false
    }

    /// Why a picture is not asked for that is where only this machine can reach. One sentence for all of them: who allows
    /// it has them all tried, however long they would have been left alone.
    static let refusedAddress = "it is at an address of this machine or of a private network"

    let transport: any DownloadTransport
    let folder: AssetFolder
    let clock: any WallClock
    let random: any RandomSource
    var limits = Limits()

    /// Fetches a picture.
    ///
    /// - Throws: ``AssetError`` if it is this machine that cannot keep it.
    func fetch(_ wanted: WantedAsset) async throws(AssetError) -> Result {
        guard Self.isWeb(wanted.url) else {
            return failed(wanted, "its address is neither http nor https", lasting: true)
        }
        let resumed = wanted.part.flatMap { validator in
            folder.partBytes(of: wanted.url).flatMap { $0 > 0 ? ($0, validator) : nil }
        }
        let first = try await attempt(wanted, from: resumed)
        // The part is of another file than the server has now.
        guard resumed != nil, case .failure(let refusal, _) = first, refusal.isOfAnotherFile
        else { return try result(first, wanted) }
        folder.dropPart(of: wanted.url)
        return try result(try await attempt(wanted, from: nil), wanted)
    }

    private enum Attempt {
        case whole
        case part(TransportError, PartReceiver)
        case failure(PartReceiver.Refusal, retryAfter: Int64?)
    }

    private func attempt(
        _ wanted: WantedAsset, from part: (bytes: Int64, validator: AssetValidator)?
    ) async throws(AssetError) -> Attempt {
        var headers = [
            HTTPHeader("Accept", "image/avif,image/webp,image/png,image/jpeg,image/gif"),
            // A part of what is compressed could not be gone on with.
            HTTPHeader("Accept-Encoding", "identity"),
        ]
        if let part, let condition = part.validator.etag ?? part.validator.lastModified {
            headers += [HTTPHeader("Range", "bytes=\(part.bytes)-"), HTTPHeader("If-Range", condition)]
        }
        let receiver = PartReceiver(
            path: folder.part(of: wanted.url), offset: part?.bytes ?? 0, limit: limits.bytes)
        let request = HTTPRequest(
            url: wanted.url, headers: headers, maximumBodyBytes: Int(limits.bytes), deadline: limits.deadline,
            maximumRedirects: limits.redirects)
        do throws(TransportError) {
            let response = try await transport.download(request, to: receiver)
            if let refusal = receiver.refusal {
                if case .file = refusal { throw TransportError(.unavailable, "") }
                return .failure(refusal, retryAfter: Self.retryAfter(response))
            }
            guard !receiver.isShort else {
                return .part(TransportError(.brokenAnswer, "the server sent less than it was asked for"), receiver)
            }
            return .whole
        } catch {
            if case .file(let failure) = receiver.refusal { throw failure }
            if error.code == .tooLarge { return .failure(.tooLarge, retryAfter: nil) }
            return .part(error, receiver)
        }
    }

    private func result(_ attempt: Attempt, _ wanted: WantedAsset) throws(AssetError) -> Result {
        switch attempt {
        case .whole: return try keep(wanted)
        case .part(let error, let receiver): return stopped(error, receiver, wanted)
        case .failure(let refusal, let retryAfter):
            folder.dropPart(of: wanted.url)
            switch refusal {
            case .status(let status):
                let isPassing = status == 408 || status == 425 || status == 429 || status >= 500
                return failed(wanted, "the server answers with status \(status)", lasting: !isPassing, retryAfter)
            case .otherRange:
                return failed(wanted, "the server sends another part than the one asked for", lasting: false)
            case .notAPicture: return failed(wanted, "it is no PNG, JPEG, GIF, WebP or AVIF", lasting: true)
            case .tooLarge: return failed(wanted, "it has more than \(limits.bytes) bytes", lasting: true)
            case .file(let error): throw error
            }
        }
    }

    private func keep(_ wanted: WantedAsset) throws(AssetError) -> Result {
        guard let kind = try folder.partKind(of: wanted.url) else {
            folder.dropPart(of: wanted.url)
            return failed(wanted, "it is no PNG, JPEG, GIF, WebP or AVIF", lasting: true)
        }
        let kept = try folder.keepPart(of: wanted.url)
        return Result(outcome: .held(kept.hash, bytes: kept.bytes, type: kind.rawValue))
    }

    private func stopped(_ error: TransportError, _ receiver: PartReceiver, _ wanted: WantedAsset) -> Result {
        let isCancelled = error.code == .cancelled
        let isOffline = [.unresolvedHost, .unreachable].contains(error.code)
        let isLasting = [.invalidURL, .refusedAddress, .tooManyRedirects].contains(error.code)
        let problem = error.code == .refusedAddress ? Self.refusedAddress : error.detail
        let attempts = isCancelled ? wanted.attempts : wanted.attempts + 1
        let due = isCancelled ? clock.now() : self.due(attempts, isLasting, nil)
        // What an earlier attempt left is still there if this one came to no answer.
        let validator = receiver.validator ?? (receiver.bytes > 0 ? wanted.part : nil)
        var result = Result(
            outcome: .failed(problem, attempts: attempts, due: due), isOffline: isOffline, isCancelled: isCancelled
        )
        if let validator, receiver.bytes > 0 {
            result.outcome = .part(
                validator, bytes: receiver.bytes, problem: isCancelled ? nil : problem, attempts: attempts,
                due: due)
        } else {
            folder.dropPart(of: wanted.url)
        }
        return result
    }

    private func failed(
        _ wanted: WantedAsset, _ problem: String, lasting isLasting: Bool, _ retryAfter: Int64? = nil
    ) -> Result {
        let attempts = wanted.attempts + 1
        return Result(outcome: .failed(problem, attempts: attempts, due: due(attempts, isLasting, retryAfter)))
    }

    private func due(_ attempts: Int, _ isLasting: Bool, _ retryAfter: Int64?) -> WallTime {
        var draw = RandomDraw(random)
        return AssetBackoff.due(
            after: attempts, isLasting: isLasting, retryAfter: retryAfter, now: clock.now(), using: &draw)
    }

    /// `Retry-After` in seconds (RFC 9110 §10.2.3), in milliseconds; a date is left to the backoff.
    private static func retryAfter(_ response: HTTPResponse) -> Int64? {
        response.header("retry-after").flatMap { Int64($0) }.map { min(max(0, $0), 2_592_000) * 1_000 }
    }

    private static func isWeb(_ url: String) -> Bool {
        let start = url.prefix(8).lowercased()
        return start.hasPrefix("http://") || start.hasPrefix("https://")
    }
}
