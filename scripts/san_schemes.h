// The protocols by which drives are attached, in one table (san_schemes.cc): what a URI's scheme means to `sanhook`.
#pragma once

#include "san/iscsi_device.h"
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

}  // namespace scripts
