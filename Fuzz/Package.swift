// swift-tools-version: 6.2

import PackageDescription

/// What reads bytes from outside, under libFuzzer. A package of its own, since the server builds without any of it; `scripts/fuzz` knows the flags.
let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "fovea", path: "..")],
    targets: [
        .executableTarget(name: "fuzz", dependencies: ["CLibFuzzer", .product(name: "FoveaParts", package: "fovea")]),
        .target(name: "CLibFuzzer"),
    ],
    swiftLanguageModes: [.v6]
)
