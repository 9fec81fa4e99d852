import AssetEngine
import Glibc
import SQLiteReplica
import SyncCore
import SystemPorts

/// What can be found out on this machine.
struct LocalExamination {
    private let context: Context

    /// Below this the next sync may fail, in bytes.
    static let scarceSpace: UInt64 = 100 << 20
    /// Below this nothing can be written, in bytes.
    static let leastSpace: UInt64 = 64 << 10
    /// A write-ahead log beyond this is not being emptied, in bytes.
    static let longLog: Int64 = 64 << 20
    /// Clocks that differ by more than this are worth a word, in milliseconds.
    static let tolerableSkew: Int64 = 60_000

    init(_ context: Context) {
        self.context = context
    }

    func findings() -> [Diagnosis] {
        guard FileText.exists(context.path) else {
            return [.fail("replica", "there is no replica at \(context.path)", context.firstStep, status: .notFound)]
        }
        let replica: Replica
        do { replica = try Replica(opening: context.path, for: .reading) } catch {
            if error.code == .damaged, let foreign = context.foreign { return [Diagnosis("replica", foreign)] }
            var finding = Diagnosis("replica", error)
            if error.code == .damaged { finding.remedy = context.command("doctor --rebuild") }
            return [finding, permissions, space]
        }
        var findings = [replica.obstacle.map(obstructed) ?? .ok("replica", context.path)]
        findings.append(.ok("schema", "version \(Replica.schemaVersion), as this program writes it"))
        findings += counts(replica)
        findings.append(integrity(replica))
        findings += [permissions, space, writeAheadLog, pictures(replica)]
        do { findings += standing(try replica.status(), try replica.subscriptions()) } catch {
            findings.append(Diagnosis("standing", error))
        }
        return findings
    }

    /// A replica that can be read only. A medium may be meant to be so; a full disk is not.
    private func obstructed(_ obstacle: ReplicaError) -> Diagnosis {
        var finding = Diagnosis("replica", obstacle)
        if obstacle.code == .readOnly { finding.grade = .warn }
        finding.detail += "; it can be read"
        return finding
    }

    /// Counts anew what was counted wrongly, which no reader can mend and nothing depends on but the numbers of overviews.
    private func counts(_ replica: Replica) -> [Diagnosis] {
        // What cannot be counted, or written, is the matter of other rows.
        guard replica.obstacle == nil, let writer = try? Replica(opening: context.path, for: .writing),
            let problems = try? writer.mendCounts(), let first = problems.first
        else { return [] }
        return [.warn("counts", first + ": counted anew")]
    }

    private func integrity(_ replica: Replica) -> Diagnosis {
        do {
            let problems = try replica.checkIntegrity()
            guard let first = problems.first else { return .ok("integrity", "every page and every rule holds") }
            let more = problems.count > 1 ? ", and \(problems.count - 1) more" : ""
            return .fail("integrity", first + more, context.command("doctor --rebuild"), status: .damaged)
        } catch {
            return Diagnosis(
                name: "integrity", grade: .fail, detail: error.detail, remedy: context.command("doctor --rebuild"),
                status: .damaged)
        }
    }

    /// Whether the files of pictures are those that the replica names. If not, the next sync looks through all of them.
    private func pictures(_ replica: Replica) -> Diagnosis {
        let folder = AssetFolder(besideReplica: context.path)
        do {
            let named = try replica.heldAssets(without: [])
            let found = folder.examine(naming: named)
            guard found.missing + found.orphans > 0 else {
                return .ok("pictures", "\(Plural.of(named.count, "file")), all as they should be")
            }
            folder.markForSweep()
            return .warn(
                "pictures", "\(Plural.of(found.missing, "file")) missing, \(found.orphans) that nothing names",
                context.command("sync"))
        } catch { return Diagnosis("pictures", error) }
    }

    /// Others may neither read what one reads nor the token.
    private var permissions: Diagnosis {
        let token = TokenFile(files: context.files, replica: context.path).path
        let open = [context.path, context.path + "-wal", token].filter { path in
            var facts = stat()
            return stat(path, &facts) == 0 && facts.st_mode & 0o077 != 0
        }
        guard let first = open.first else { return .ok("permissions", "the files are for you alone") }
        return .warn(
            "permissions", "others can open \(open.joined(separator: ", "))", "chmod go= '\(first)'")
    }

    private var space: Diagnosis {
        var facts = statvfs()
        let folder = context.path.lastIndex(of: "/").map { String(context.path[..<$0]) } ?? "."
        guard statvfs(folder.isEmpty ? "/" : folder, &facts) == 0 else {
            return .warn("space", "\(folder): \(FileText.reason)")
        }
        let free = UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
        let text = "\(ByteCount.text(Int64(clamping: free))) free"
        guard free >= Self.leastSpace else {
            return .fail(
                "space", "the disk is full: nothing that you do or that comes can be kept",
                "free some space; nothing is lost")
        }
        return free < Self.scarceSpace
            ? .warn("space", "only \(text)", "free some, or 'feeds retain' less") : .ok("space", text)
    }

    private var writeAheadLog: Diagnosis {
        var facts = stat()
        let size = stat(context.path + "-wal", &facts) == 0 ? Int64(facts.st_size) : 0
        let text = "the write-ahead log has \(ByteCount.text(size))"
        return size > Self.longLog
            ? .warn("log", text, "end other reader-sync processes; the next command that writes empties it")
            : .ok("log", text)
    }

    private func standing(_ status: ReplicaStatus, _ feeds: [FeedSubscription]) -> [Diagnosis] {
        var findings: [Diagnosis] = []
        findings.append(
            status.unindexed > 0
                ? .warn("index", "\(status.unindexed) articles cannot be searched yet", context.command("sync"))
                : .ok("index", "all articles can be searched"))
        let waits = status.pending > 0 && (status.remote != nil || feeds.isEmpty)
        findings.append(
            waits
                ? .warn("pending", "\(Plural.changes(status.pending)) not sent yet", context.command("sync"))
                : .ok(
                    "pending", status.pending > 0 ? "\(Plural.changes(status.pending)) kept here" : "everything is sent"
                ))
        findings.append(
            status.setAside > 0
                ? .warn(
                    "setAside", "the server did not take \(Plural.changes(status.setAside))",
                    context.command("set-aside"))
                : .ok("setAside", "nothing was refused"))
        findings.append(
            status.conflicts > 0
                ? .warn("conflicts", "\(Plural.of(status.conflicts, "conflict")) open", context.command("conflicts"))
                : .ok("conflicts", "none are open"))
        let failing = feeds.count { $0.fetch.problem != nil }
        if !feeds.isEmpty {
            findings.append(
                failing > 0
                    ? .warn("feeds", "\(failing) of \(feeds.count) could not be read", context.command("feeds"))
                    : .ok("feeds", "\(Plural.of(feeds.count, "feed")) of its own, all could be read"))
        }
        return findings
    }
}
