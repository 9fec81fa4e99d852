public import SyncCore
public import SyncPorts
import GRDB
func todo() -> ReplicaError { ReplicaError(.storage, "not written yet") }
extension Replica {
    /// Makes a new replica. The folder must exist.
    public static func create(at path: String, as id: ReplicaID, remote: String? = nil) throws(ReplicaError) -> Replica
    { throw todo() }
    /// Opens a replica.
    public convenience init(opening path: String, for access: Access = .writing) throws(ReplicaError) { throw todo() }
    /// Closes the file; no other call may follow.
    public func close() throws(ReplicaError) { throw todo() }
    // Edits
    public func record(_ edits: [Edit], at now: WallTime) throws(ReplicaError) -> RecordSummary { throw todo() }
    public func shown(_ key: RegisterKey) throws(ReplicaError) -> Value? { throw todo() }
    // Conflicts
    public func conflicts(includeSettled: Bool = false, limit: Int = 1000) throws(ReplicaError) -> [Conflict] {
        throw todo()
    }
    public func conflict(_ id: String) throws(ReplicaError) -> Conflict { throw todo() }
    public func resolve(_ id: String, _ resolution: Resolution, at now: WallTime) throws(ReplicaError) -> RecordSummary
    { throw todo() }
    public func policies() throws(ReplicaError) -> [RemoteCapabilities.FieldKind: ConflictPolicy] { throw todo() }
    public func setPolicy(_ policy: ConflictPolicy, for kind: RemoteCapabilities.FieldKind) throws(ReplicaError) {
        throw todo()
    }
    public func applyPolicies(at now: WallTime) throws(ReplicaError) -> RecordSummary { throw todo() }
    // Queries
    public func articles(_ filter: ArticleFilter, limit: Int, after: PageToken? = nil) throws(ReplicaError)
        -> ArticlePage
    { throw todo() }
    public func articleIDs(_ filter: ArticleFilter, limit: Int = .max) throws(ReplicaError) -> [ArticleID] {
        throw todo()
    }
    public func article(_ reference: String) throws(ReplicaError) -> ArticleDetail { throw todo() }
    public func articleID(_ reference: String) throws(ReplicaError) -> ArticleID { throw todo() }
    public func revisions(of id: ArticleID) throws(ReplicaError) -> [ArticleRevision] { throw todo() }
    public func search(_ text: String, _ filter: ArticleFilter = ArticleFilter(), limit: Int) throws(ReplicaError)
        -> SearchResult
    { throw todo() }
    public func indexPending(limit: Int) throws(ReplicaError) -> Int { throw todo() }
    public func feeds() throws(ReplicaError) -> [FeedOverview] { throw todo() }
    public func newsletters() throws(ReplicaError) -> [NewsletterOverview] { throw todo() }
    public func consents() throws(ReplicaError) -> [ConsentOverview] { throw todo() }
    public func ageConfirmed() throws(ReplicaError) -> Bool { throw todo() }
    public func log(limit: Int, after place: Int64? = nil) throws(ReplicaError) -> [ChangeRecord] { throw todo() }
    public func pendingCount() throws(ReplicaError) -> Int { throw todo() }
    public func setAsideList() throws(ReplicaError) -> [SetAsideChange] { throw todo() }
    public func retry(setAside place: Int64, at now: WallTime) throws(ReplicaError) -> RecordSummary { throw todo() }
    public func drop(setAside place: Int64) throws(ReplicaError) { throw todo() }
    public func status() throws(ReplicaError) -> ReplicaStatus { throw todo() }
    public func exportState() throws(ReplicaError) -> String { throw todo() }
    public func setting(_ name: String) throws(ReplicaError) -> String? { throw todo() }
    public func setSetting(_ name: String, to value: String?) throws(ReplicaError) { throw todo() }
    public func setRemote(_ url: String?) throws(ReplicaError) { throw todo() }
    public func checkIntegrity() throws(ReplicaError) -> [String] { throw todo() }
}
extension Replica: StateStore {
    public func syncState() throws(ReplicaError) -> SyncState { throw todo() }
    public func changesToPush(limit: Int, fields: Set<RemoteCapabilities.FieldKind>) throws(ReplicaError) -> [Change] {
        throw todo()
    }
    public func apply(_ reply: ExchangeReply, at now: WallTime) throws(ReplicaError) -> StateSummary { throw todo() }
    public func stage(_ page: SnapshotPage, isFirst: Bool) throws(ReplicaError) { throw todo() }
    public func adoptSnapshot(common: UInt64?, at now: WallTime) throws(ReplicaError) -> StateSummary { throw todo() }
    public func checkpoints(limit: Int) throws(ReplicaError) -> [StateCursor] { throw todo() }
    public func offers(after sequence: UInt64, common: UInt64, limit: Int) throws(ReplicaError) -> [RestoreOffer.Entry]
    { throw todo() }
    public func recordRestore(_ offer: RestoreOffer, reply: RestoreReply) throws(ReplicaError) { throw todo() }
    public func reidentify(as replica: ReplicaID) throws(ReplicaError) { throw todo() }
}
extension Replica: CatalogStore {
    public func catalogState() throws(ReplicaError) -> [CatalogState] { throw todo() }
    public func apply(_ page: CatalogPage, resets: Bool) throws(ReplicaError) -> CatalogSummary { throw todo() }
}
extension Replica: ArticleDirectory {
    public func articles(named names: [(publication: UInt32, number: UInt64)]) throws(ReplicaError) -> [ArticleID?] {
        throw todo()
    }
    public func names(of articles: [ArticleID]) throws(ReplicaError) -> [ArticleName?] { throw todo() }
}
