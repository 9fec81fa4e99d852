// swift-tools-version: 6.2
import PackageDescription

// One line a target: what it is, what it may import. `Tools/tidy` holds the same list against the source,
// since SwiftPM lets an import through that reaches a target only by way of another.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
// SQLite's own calls, for the replica's hottest statements.
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: [String] = []) -> Target {
    // Fixtures are read from the source folder, so they need no bundle.
    .testTarget(name: name, dependencies: dependencies, exclude: fixtures, swiftSettings: strict)
}

let package = Package(
    name: "reader-sync",
    products: [
        .executable(name: "reader-sync", targets: ["reader-sync"]),
        .executable(name: "reader-sync-server", targets: ["reader-sync-server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    ],
    targets: [
        // The pure part: no I/O, no async, no clock, no randomness.
        .target(name: "CSHA256"),
        library("SyncCore", ["CSHA256"]),
        library("SyncProtocol", ["SyncCore"]),
        library("SyncSession", ["SyncCore", "SyncProtocol"]),

        // What the pure part needs from the world, and who gives it.
        library("SyncPorts", ["SyncCore"]),
        .target(name: "CCurlShim", dependencies: ["CZlib"], linkerSettings: [.linkedLibrary("dl")]),
        library("Gzip", ["CZlib"]),
        library("CurlTransport", ["SyncPorts", "CCurlShim", "Gzip"]),
        // Where Debian has libxml2's headers; pkg-config would link the library as well, which is opened on first use.
        .target(name: "CXMLShim", cSettings: [.unsafeFlags(["-I/usr/include/libxml2"])]),
        library("FeedFormats", ["CXMLShim"]),
        library("FeedSession", ["SyncCore", "SyncProtocol", "FeedFormats"]),
        library("SystemPorts", ["SyncPorts"]),
        library("Zip", ["Gzip"]),
        // What a child process may use of the machine; Swift's Glibc lacks the call.
        .target(name: "CChildLimits"),
        // Articles as files for other programs: EPUB, and a page of HTML.
        library("Editions", ["SyncCore", "FeedFormats", "Zip"]),
        library("SQLiteChanges", ["SyncCore", "SyncProtocol", grdb, grdbSQLite]),
        library("SQLiteReplica", ["SyncCore", "SyncProtocol", "SyncPorts", "SQLiteChanges", grdb]),
        // What other readers wrote of read and saved articles.
        library("StateImports", ["Zip", grdb, grdbSQLite]),
        library("HTTPRemote", ["SyncCore", "SyncProtocol", "SyncPorts"]),
        library(
            "ReferenceServer",
            [
                "SyncCore", "SyncProtocol", "SyncSession", "SyncPorts", "SQLiteChanges", "FeedFormats", "FeedSession",
                "FeedEngine", "Gzip", grdb,
            ]),

        library("SyncTestKit", ["SyncCore", "SyncPorts"]),
        // Many devices and a server in one process, on simulated disks, clocks and network. Tests and Tools only.
        .target(name: "CSimulatedDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
        library(
            "SyncSimulation",
            [
                "SyncCore", "SyncProtocol", "SyncSession", "SyncPorts", "SyncEngine", "SyncTestKit", "SQLiteChanges",
                "SQLiteReplica", "HTTPRemote", "ReferenceServer", "CSimulatedDisk", grdb,
            ]),

        // Shells and executables.
        library("SyncEngine", ["SyncCore", "SyncSession", "SyncPorts"]),
        library("FeedEngine", ["SyncCore", "SyncPorts", "FeedFormats", "FeedSession"]),
        library("AssetEngine", ["SyncCore", "SyncPorts"]),
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("dl")]),
        library("ServerHTTP", ["SyncProtocol", "ReferenceServer", hummingbird, logging]),
        // Text as a terminal takes it: harmless, measured in columns, in pieces of one look.
        library("TerminalText", ["SyncCore"]),
        // A whole screen of it: keys, cells, what changed from one frame to the next, and the way back.
        library("TerminalScreen", ["TerminalText", "SyncCore"]),
        // What is on the screen of `reader-sync read`, as a pure function of what happened.
        library("ReaderScreen", ["TerminalScreen", "TerminalText", "SQLiteReplica", "SyncCore"]),
        library(
            "ReaderSyncCLI",
            [
                "SyncCore", "SyncPorts", "SyncSession", "SyncEngine", "SQLiteReplica", "HTTPRemote", "CurlTransport",
                "TerminalScreen", "ReaderScreen",
                "SystemPorts", "FeedFormats", "FeedSession", "FeedEngine", "TerminalText", "Editions", "Zip",
                "StateImports", "CChildLimits",
                arguments, "AssetEngine",
            ]),
        // A server held against the protocol from outside: what Tools/conformance runs.
        library(
            "ConformanceChecks", ["SyncCore", "SyncProtocol", "SyncPorts", "SyncTestKit", "Gzip"]),
        .executableTarget(
            name: "conformance",
            dependencies: ["ConformanceChecks", "SyncPorts", "CurlTransport", "SystemPorts", arguments],
            swiftSettings: strict),
        // What Tools/bench measures.
        .executableTarget(name: "FeedBench", dependencies: ["FeedFormats"], swiftSettings: strict),
        // What Tools/simulate runs.
        .executableTarget(name: "simulate", dependencies: ["SyncSimulation", arguments], swiftSettings: strict),
        .executableTarget(name: "reader-sync", dependencies: ["ReaderSyncCLI"], swiftSettings: strict),
        .executableTarget(
            name: "reader-sync-server",
            dependencies: [
                "SyncCore", "SyncPorts", "ReferenceServer", "FeedEngine", "ServerHTTP", "CurlTransport",
                "SystemPorts", arguments,
                logging,
            ], swiftSettings: strict),

        tests(
            "CommandLineTests",
            [
                "ReaderSyncCLI", "TerminalText", "TerminalScreen", "SyncCore", "SyncPorts", "SyncSession", "SyncEngine",
                "SQLiteReplica", "HTTPRemote", "CurlTransport", "SyncTestKit", "reader-sync",
                "reader-sync-server", arguments, grdb,
            ]),
        tests(
            "ConformanceTests",
            ["ConformanceChecks", "SyncCore", "SyncProtocol", "SyncPorts", "SyncTestKit", "ReferenceServer", "Gzip"]),
        tests("CurlTransportTests", ["CurlTransport", "SyncPorts", "Gzip"]),
        tests(
            "ReferenceServerTests",
            [
                "SyncCore", "SyncProtocol", "SyncPorts", "SyncTestKit", "ReferenceServer", "CurlTransport", "Gzip",
                grdb,
                grdbSQLite,
            ],
            fixtures: ["Fixtures"]),
        tests("ServerCommandTests", ["reader-sync-server"]),
        tests(
            "ServerHTTPTests",
            [
                "SyncCore", "SyncPorts", "SyncProtocol", "SyncTestKit", "ReferenceServer", "ServerHTTP",
                "CurlTransport", logging,
            ]),
        tests("SyncCoreTests", ["SyncCore", "CSHA256", "SyncTestKit"]),
        tests("SyncProtocolTests", ["SyncCore", "SyncProtocol", "SyncTestKit"], fixtures: ["Fixtures"]),
        tests("SyncSessionTests", ["SyncCore", "SyncSession", "SyncTestKit"]),
        tests(
            "SyncEngineTests",
            [
                "SyncCore", "SyncSession", "SyncPorts", "SyncEngine", "SQLiteReplica", "SystemPorts", "SyncTestKit",
                "HTTPRemote", "ReferenceServer",
            ]),
        tests("StateImportsTests", ["StateImports", "SyncTestKit", "Zip", grdb]),
        tests("ZipTests", ["Zip", "SyncTestKit"]),
        tests("EditionsTests", ["Editions", "SyncCore", "FeedFormats", "Zip", "SyncTestKit"]),
        tests("FeedFormatsTests", ["FeedFormats", "SyncTestKit"], fixtures: ["Fixtures", "exceptions.tsv"]),
        tests("FeedSessionTests", ["SyncCore", "FeedFormats", "FeedSession", "SyncTestKit"]),
        tests(
            "FeedEngineTests",
            [
                "SyncCore", "SyncPorts", "FeedFormats", "FeedSession", "FeedEngine", "CurlTransport", "SystemPorts",
                "SyncTestKit",
            ]),
        tests(
            "AssetEngineTests",
            ["AssetEngine", "SQLiteReplica", "CurlTransport", "SystemPorts", "SyncPorts", "SyncCore", "FeedFormats"]),
        tests("SQLiteReplicaTests", ["SQLiteReplica", "SQLiteChanges", "SyncCore", "SyncPorts", "SyncTestKit", grdb]),
        tests("HTTPRemoteTests", ["SyncCore", "SyncProtocol", "SyncPorts", "HTTPRemote", "SyncTestKit"]),
        tests(
            "RemoteContractTests", ["SyncCore", "SyncPorts", "HTTPRemote", "ReferenceServer", "SyncTestKit"]),
        tests(
            "SyncSimulationTests",
            [
                "SyncSimulation", "SyncCore", "SyncPorts", "SyncTestKit", "SQLiteReplica", "CSimulatedDisk", grdb,
            ]),
        tests("SystemPortsTests", ["SyncCore", "SyncPorts", "SystemPorts"]),
        tests("ReaderScreenTests", ["ReaderScreen", "TerminalScreen", "TerminalText", "SQLiteReplica", "SyncCore"]),
        tests("TerminalScreenTests", ["TerminalScreen", "TerminalText", "SyncTestKit"]),
    ]
)
