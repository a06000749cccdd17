// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// Who may import whom: arrows only point to earlier lines. HouseTests holds the sources to it.
let package = Package(
    name: "sallyport",
    targets: [
        .target(name: "Addressing", swiftSettings: strict)
    ],
    swiftLanguageModes: [.v6]
)
