// SAN drives as scripts hook them: sessions opened from URIs and settings, drives published to the BIOS, and
// the iBFT that tells the operating system about them.
#pragma once

#include <span>
#include <string_view>

#include "san/iscsi_device.h"
#include "scripts/host_resolver.h"
#include "util/vector.h"

namespace net {
class Interface;
}

namespace scripts {

class System;

inline constexpr util::Failure kNotSanUri{util::code::kScript + 48, "drives cannot be attached by that protocol"};
inline constexpr util::Failure kNoSanUri{util::code::kScript + 49,
                                         "no SAN target is named: is root-path set"};
inline constexpr util::Failure kNoSuchDrive{util::code::kScript + 50, "there is no SAN drive of that number"};

// AsPath: one more path to a drive that is described, which is listed but not what is booted from.
enum class Describe : std::uint8_t { No, Yes, AsPath };

class SanDrives {
  public:
    explicit SanDrives(System& system) : system_(system) {}
    SanDrives(const SanDrives&) = delete;

    // Attaches the first of the URIs that can be opened, in place of what had the number; in images with the feature "multipath" all of
    // them, as paths to one disk. Says on the console what happened. Failure: of the last URI.
    util::Result<void> hook(std::uint8_t number, std::span<const std::string_view> uris, Describe describe);
    // Opens them as paths to one drive, without publishing it. In scripts/san_paths.cc, behind open_as_paths().
    util::Result<void> open_paths(std::uint8_t number, std::span<const std::string_view> uris, Describe describe);
    // Failure: kNoSuchDrive.
    util::Result<void> unhook(std::uint8_t number);
    void unhook_all();
    // Whether a session runs over this interface.
    bool uses(const net::Interface& interface) const;
    bool empty() const { return hooked_.empty(); }

    // The name we log in with: initiator-iqn, or one made of the host's name or UUID.
    san::IscsiName initiator_name();

    struct Hooked {
        std::uint8_t number;
        Describe describe;
        san::BlockDevice* device;            // in the drive table
        san::IscsiDevice* iscsi;             // the same, for the iBFT; null: by another protocol
        net::Interface* interface;           // that leads to it; null: unknown
        util::Owned<HostResolver> resolver;  // that the device uses; null: none
    };
    std::span<const Hooked> hooked() const { return hooked_.span(); }

  private:
    util::Result<void> open(std::uint8_t number, std::string_view uri, Describe describe);
    void publish();
    net::Interface* interface_to(net::Ipv4Address target);

    System& system_;
    util::Vector<Hooked> hooked_;
};

// Whether URIs are several paths to one drive: more than one, and no protocol but iSCSI. In scripts/san_paths.cc.
bool are_paths(std::span<const std::string_view> uris);

// Publishes the iBFT of the drives that are to be described; removes it when there are none. In
// scripts/ibft_glue.cc. Failure: it does not fit.
util::Result<void> publish_ibft(System& system);

}  // namespace scripts
