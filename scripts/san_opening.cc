// Opening drives: what each row of the table of protocols (san_schemes.cc) does.
#include "scripts/san_schemes.h"

#include "net/fetch/uri.h"
#include "san/http_device.h"
#include "san/iscsi_failures.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

// RFC 7143 leaves it open, Microsoft's initiator does not: it refuses other lengths in an iBFT.
static constexpr std::size_t kShortestSecret = 12, kLongestSecret = 16;

static void fill(Settings& settings, san::ChapCredentials& credentials, std::string_view name,
                 std::string_view secret) {
    credentials.name.text(settings.text(name).view());
    credentials.secret.text(settings.text(secret).view());
    std::size_t length = credentials.secret.view().size();
    if (length && (length < kShortestSecret || length > kLongestSecret))
        util::print("Warning: %v has %u characters; Windows takes only 12 to 16\n", &secret,
                    static_cast<unsigned>(length));
}

static util::Result<void> fill_config(System& system, std::uint8_t number, std::string_view uri,
                                      san::IscsiConfig& config) {
    config.uri = TRY(san::parse_iscsi_uri(uri));
    config.initiator_name = system.san.initiator_name();
    if (config.initiator_name.truncated()) return util::kTooLong;
    TRY(san::check_iscsi_name(config.initiator_name.view()));
    fill(system.settings, config.chap, "username"sv, "password"sv);
    fill(system.settings, config.reverse_chap, "reverse-username"sv, "reverse-password"sv);
    if (!system.network.nics().empty())
        config.isid = san::isid_from_mac(system.network.nics()[0]->interface.mac(), number);
    return {};
}

util::Result<SanOpened> open_iscsi(System& system, std::uint8_t number, std::string_view uri,
                                          san::Diagnosis& diagnosis) {
    const SystemParts& parts = system.parts;
    auto config = TRY(util::make_owned<san::IscsiConfig>());
    TRY(fill_config(system, number, uri, *config));
    SanOpened opened;
    opened.resolver =
        TRY(util::make_owned<HostResolver>(parts.loop, parts.datagrams, parts.random, system.network.dns()));
    auto device = TRY(san::IscsiDevice::open({parts.loop, parts.connector, parts.random, opened.resolver.get()},
                                             *config, diagnosis));
    opened.iscsi = device.get();
    opened.server = device->portal().address;
    for (std::uint8_t byte : device->config().uri.lun.bytes) opened.lun = opened.lun << 8 | byte;
    opened.device = std::move(device);
    return opened;
}

util::Result<SanPath> begin_iscsi_path(System& system, std::uint8_t number, std::uint8_t path, std::string_view uri) {
    const SystemParts& parts = system.parts;
    auto config = TRY(util::make_owned<san::IscsiConfig>());
    TRY(fill_config(system, number, uri, *config));
    config->isid[4] ^= path;
    SanPath begun;
    begun.resolver = TRY(util::make_owned<HostResolver>(parts.loop, parts.datagrams, parts.random, system.network.dns()));
    begun.device = TRY(san::IscsiDevice::begin({parts.loop, parts.connector, parts.random, begun.resolver.get()}, *config));
    return begun;
}

util::Result<SanOpened> open_http(System& system, std::uint8_t, std::string_view uri,
                                         san::Diagnosis& diagnosis) {
    auto device = TRY(san::HttpDevice::open(system.fetch_context, TRY(net::Uri::parse(uri)), diagnosis));
    util::print("The drive is read-only, and gone once a system's own drivers take over: none knows of HTTP disks\n");
    SanOpened opened;
    opened.server = device->server();
    opened.device = std::move(device);
    return opened;
}

}  // namespace scripts
