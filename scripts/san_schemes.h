// The protocols by which drives are attached, in one table (san_schemes.cc): what a URI's scheme means to `sanhook`.
#pragma once

#include "san/iscsi_device.h"
#include "scripts/san_drives.h"
#include "scripts/host_resolver.h"

namespace scripts {

class System;

struct SanOpened {
    util::Owned<san::BlockDevice> device;
    san::IscsiDevice* iscsi = nullptr;   // the same, when it is one
    net::Ipv4Address server;             // that it is on
    std::uint64_t lun = 0;               // as on the wire, first byte highest
    util::Owned<HostResolver> resolver;  // must outlive the device
};

struct SanScheme {
    std::string_view name;
    // Opens it for that drive number; on failure the diagnosis tells a person more.
    util::Result<SanOpened> (*open)(System& system, std::uint8_t number, std::string_view uri, san::Diagnosis& diagnosis);
};

using OpenSan = util::Result<SanOpened>(System& system, std::uint8_t number, std::string_view uri,
                                        san::Diagnosis& diagnosis);
OpenSan open_http, open_iscsi;

// Null: not a protocol for drives.
const SanScheme* find_san_scheme(std::string_view uri);

// One of several iSCSI paths to a drive, which has begun to log in. Each has a session of its own for the target: sessions of equal ISIDs
// would replace one another.
struct SanPath {
    util::Owned<san::IscsiDevice> device;
    util::Owned<HostResolver> resolver;  // must outlive the device
};
util::Result<SanPath> begin_iscsi_path(System& system, std::uint8_t number, std::uint8_t path, std::string_view uri);
// The feature "multipath", in a file of those that are compiled for each choice of features: images without it do not mention what is in
// san_paths.cc, whose use would cost code even where it is never reached.
bool has_multipath();
bool takes_as_paths(std::span<const std::string_view> uris);
util::Result<void> open_as_paths(System& system, std::uint8_t number, std::span<const std::string_view> uris, Describe describe);

}  // namespace scripts
