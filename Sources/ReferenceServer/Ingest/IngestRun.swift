import FeedEngine
import FeedFormats
import FeedSession
import GRDB
import SyncCore
import SyncPorts

/// One run over some sources: reads them, files first, and writes them batch by batch.
struct IngestRun {
    private let ingest: FeedIngest
    private let jobs: [IngestJob]
    private let observer: FeedIngest.Observer?
    private var reports: [IngestReport?]
    private var batch = IngestBatch()

    init(_ ingest: FeedIngest, _ jobs: [IngestJob], _ observer: FeedIngest.Observer?) {
        self.ingest = ingest
        self.jobs = jobs
        self.observer = observer
        reports = Array(repeating: nil, count: jobs.count)
    }

    /// Does it.
    ///
    /// - Returns: a report for each job, in order.
    consuming func result(_ reason: FetchSession.Reason) async -> [IngestReport] {
        var run = self
        for job in run.jobs where job.source == nil && !Task.isCancelled {
            run.batch.add(await Self.outcome(job) { Self.read(job) }, at: job.index)
            if run.batch.isFull { await run.write() }
        }
        if reason == .named { await run.search() }
        let fetched = run.jobs.filter { $0.source != nil && !(reason == .named && $0.isUnread) }
        do {
            try await run.ingest.fetcher.fetch(fetched.compactMap(\.source?.fetch), reason: reason) { position, fetch in
                let job = fetched[position]
                run.batch.add(await Self.outcome(job) { job.outcome(of: fetch) }, at: job.index)
                if run.batch.isFull { await run.write() }
            }
        } catch {
            // Nothing that receives throws; what was not received is reported below.
        }
        await run.write()
        return zip(run.jobs, run.reports).map { job, report in report ?? Self.interrupted(job.request.source) }
    }

    /// What a source came to, unless the person gives up meanwhile.
    private static func outcome(
        _ job: IngestJob, _ work: @escaping @Sendable () -> IngestBatch.Outcome
    ) async -> IngestBatch.Outcome {
        await LongWork.result(work) ?? .report(interrupted(job.request.source))
    }

    /// Reads what a person named and was never read: it may be a page that names a feed.
    private mutating func search() async {
        let addresses = jobs.filter(\.isUnread).map { SourceSearch.Address(index: $0.index, url: $0.request.source) }
        var run = self
        await SourceSearch(fetcher: ingest.fetcher).find(addresses) { index, fetch in
            let outcome: IngestBatch.Outcome
            do {
                outcome = try await run.found(run.jobs[index], fetch)
            } catch {
                let source = run.jobs[index].request.source
                outcome = .report(Task.isCancelled ? Self.interrupted(source) : .failed(source, "\(error)"))
            }
            run.batch.add(outcome, at: index)
            if run.batch.isFull { await run.write() }
        }
        self = run
    }

    /// What came of searching. The feed may be known under its own address, and then keeps its names.
    private func found(_ job: IngestJob, _ fetch: FeedFetch) async throws(ServerError) -> IngestBatch.Outcome {
        switch fetch {
        case .read(_, let record) where record.url != job.request.source:
            var job = job
            let known = try await ingest.store.reading("list the sources") { [request = job.request] db in
                var request = request
                request.source = record.url
                return try FeedIngest.job(request, at: 0, SQLiteSources(db: db))
            }
            if known.knownURL != nil { (job.source, job.knownURL) = (known.source, known.knownURL) }
            return await Self.outcome(job) { [job] in job.outcome(of: fetch) }
        case .failed(let failure, var record):
            // The failure is one more of the address that was named, whatever addresses were tried for it.
            record.url = job.request.source
            record.failures += job.source?.fetch.failures ?? 0
            return job.outcome(of: .failed(failure, record))
        default: return await Self.outcome(job) { job.outcome(of: fetch) }
        }
    }

    private static func read(_ job: IngestJob) -> IngestBatch.Outcome {
        do {
            let body = try FeedFile(path: job.request.source).read()
            return job.document(try FeedParser.parse(body, contentType: nil, baseURL: nil), nil)
        } catch {
            return .report(.failed(job.request.source, "\(error)"))
        }
    }

    private static func interrupted(_ source: String) -> IngestReport {
        var report = IngestReport.failed(source, "interrupted before it was read")
        report.code = FetchFailure.Code.cancelled.rawValue
        return report
    }

    /// Writes what was read: each document in a transaction of its own, then what is to be remembered of the others in
    /// one.
    private mutating func write() async {
        let (batch, store, now) = (batch, ingest.store, ingest.clock.now())
        self.batch = IngestBatch()
        guard !batch.outcomes.isEmpty else { return }
        let names: RunNames
        do {
            names = try await store.reading("read the catalog") { try RunNames(batch.documents, in: $0) }
        } catch {
            for (index, outcome) in batch.outcomes { report(Self.failed(outcome, "\(error)"), at: index) }
            return
        }
        var unwritten: [IngestBatch.Outcome] = []
        for (index, outcome) in batch.outcomes {
            guard case .document(let document) = outcome else { continue }
            let isOver = Task.isCancelled
            let report = isOver ? Self.interrupted(document.request.source) : await write(document, names)
            if report.status == .failed, !Task.isCancelled, let record = document.unwritten(report, at: now) {
                unwritten.append(record)
            }
            self.report(report, at: index)
        }
        await remember(batch, unwritten)
    }

    private func write(_ document: FeedDocument, _ names: RunNames) async -> IngestReport {
        let (now, generation) = (ingest.clock.now(), ingest.random.next().hexDigits)
        do {
            return try await ingest.store.writing("write the catalog") { db in
                try CatalogWriter(db: db, now: now, generation: generation, names: names).write(document)
            }
        } catch {
            return Self.failed(.document(document), "\(error)")
        }
    }

    private mutating func remember(_ batch: IngestBatch, _ unwritten: [IngestBatch.Outcome]) async {
        let records = batch.outcomes.map(\.outcome) + unwritten
        var failure: String?
        do {
            let isNeeded = records.contains { if case .record = $0 { true } else { false } }
            if isNeeded {
                try await ingest.store.writing("write the sources") { db in
                    let sources = SQLiteSources(db: db)
                    for case .record(let source, let knownURL, _) in records {
                        try sources.put(source, insteadOf: knownURL)
                    }
                }
            }
        } catch {
            failure = "\(error)"
        }
        for (index, outcome) in batch.outcomes {
            switch outcome {
            case .document: continue
            case .record(_, _, let report):
                self.report(failure.map { Self.failed(outcome, $0) } ?? report, at: index)
            case .report(let report): self.report(report, at: index)
            }
        }
    }

    private mutating func report(_ report: IngestReport, at index: Int) {
        reports[index] = report
        observer?(report)
    }

    /// What could not be written; what a cancellation kept from that was interrupted.
    private static func failed(_ outcome: IngestBatch.Outcome, _ reason: String) -> IngestReport {
        let failed = { Task.isCancelled ? interrupted($0) : IngestReport.failed($0, reason) }
        return switch outcome {
        case .document(let document): failed(document.request.source)
        case .record(_, _, let report): report.status == .failed ? report : failed(report.source)
        case .report(let report): report
        }
    }
}
