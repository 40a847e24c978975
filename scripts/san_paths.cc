// Several URIs for one drive: paths to one disk (feature "multipath").
#include "net/fetch/uri.h"
#include "san/multipath_device.h"
#include "scripts/completion.h"
#include "scripts/san_schemes.h"
#include "scripts/system.h"

namespace scripts {

bool are_paths(std::span<const std::string_view> uris) {
    std::size_t paths = 0;
    for (std::string_view uri : uris) {
        const SanScheme* scheme = find_san_scheme(uri);
        if (scheme && scheme->open != open_iscsi) return false;
        paths += scheme != nullptr;
    }
    return paths > 1;
}

namespace {

// What belongs to one path besides the session, in the device's order.
struct PathParts {
    std::string_view uri;
    util::Owned<HostResolver> resolver;
};

void explain(std::string_view uri, const char* text) { util::print("  %v: %s\n", &uri, text); }

void explain(std::string_view uri, const san::Diagnosis& diagnosis) {
    std::string_view what = diagnosis.what.view(), hint = diagnosis.hint.view();
    util::print("  %v: %s: %v\n", &uri, diagnosis.stage, &what);
    if (!hint.empty()) util::print("  %v\n", &hint);
}

// Why each path that is not there is not; how many are.
std::size_t explain_missing(san::MultipathDevice& device, std::span<PathParts> parts) {
    std::size_t there = 0;
    for (std::size_t i = 0; i < device.size(); ++i) {
        if (device.leads_here(i)) ++there;
        else if (device.path(i).ready()) explain(parts[i].uri, san::kOtherDisk.text);
        else if (device.path(i).diagnosis().what.view().empty()) explain(parts[i].uri, "no answer yet");
        else explain(parts[i].uri, device.path(i).diagnosis());
    }
    return there;
}

// Begins to log in by each; what cannot even be tried is said. Failure: that of the last such, when none can.
util::Result<void> begin(System& system, std::uint8_t number, std::span<const std::string_view> uris, san::MultipathDevice& device,
                         util::Vector<PathParts>& parts) {
    util::Result<void> result = kNoSanUri;
    std::uint8_t path = 0;
    for (std::string_view uri : uris) {
        if (uri.empty()) continue;
        auto begun = find_san_scheme(uri) ? begin_iscsi_path(system, number, path++, uri) : util::Result<SanPath>(kNotSanUri);
        if (!begun.ok()) {
            explain(uri, begun.failure().text);
            result = begun.failure();
            continue;
        }
        TRY(parts.push({uri, std::move(begun.value().resolver)}));
        TRY(device.add(std::move(begun.value().device)));
    }
    return device.size() ? util::Result<void>() : result;
}

}  // namespace

util::Result<void> SanDrives::open_paths(std::uint8_t number, std::span<const std::string_view> uris, Describe describe) {
    // Resolvers outlive the sessions that use them.
    util::Vector<PathParts> parts;
    auto device = TRY(util::make_owned<san::MultipathDevice>(system_.parts.loop));
    TRY(begin(system_, number, uris, *device, parts));
    auto opened = device->open();
    std::size_t there = explain_missing(*device, parts.span());
    TRY(std::move(opened));
    util::print("%u of %u paths lead to it\n", static_cast<unsigned>(there), static_cast<unsigned>(parts.size()));
    san::MultipathDevice& paths = *device;
    san::IscsiDevice& first = paths.path(paths.active());
    san::DrivePath path;
    for (std::uint8_t byte : first.config().uri.lun.bytes) path.lun = path.lun << 8 | byte;
    net::Interface* interface = interface_to(first.portal().address);
    if (interface && interface->link().identity().has_pci_address) path.nic = interface->link().identity().busdevfn;
    TRY(system_.parts.drives.attach(number, util::Owned<san::BlockDevice>(std::move(device)), path));
    // The one that is used is what a reader of two targets shall see first.
    for (std::size_t at = 0; at < paths.size(); ++at) {
        std::size_t i = (paths.active() + at) % paths.size();
        Describe how = i == paths.active() || describe == Describe::No ? describe : Describe::AsPath;
        bool is_there = paths.leads_here(i);
        san::IscsiDevice& session = paths.path(i);
        auto kept = hooked_.push({number, how, &paths, is_there ? &session : nullptr, interface_to(session.portal().address),
                                  std::move(parts[i].resolver)});
        if (!kept.ok()) {
            (void)unhook(number);
            return kept;
        }
        if (is_there) remember_uri(system_, parts[i].uri);
    }
    return {};
}

}  // namespace scripts
