#include "scripts/images/nbp_packets.h"

#include "net/fetch/uri.h"

namespace scripts {

using namespace std::string_view_literals;

namespace {

namespace option = net::dhcp_option;

// What programs have room for.
constexpr std::size_t kReplyRoom = net::pxe::kBootpLayerSize;
// PXELINUX's configuration file and path prefix (RFC 5071) go first, so that they fit.
constexpr std::uint8_t kPxelinuxConfig = 209, kPxelinuxPrefix = 210;

util::Result<void> keep(util::Vector<std::byte>& target, util::Bytes packet) {
    TRY(target.resize(packet.size()));
    if (!packet.empty()) std::memcpy(target.data(), packet.data(), packet.size());
    return {};
}

// Where the program came from.
struct Origin {
    net::Ipv4Address server;  // unspecified: not by TFTP, or a name
    util::String path;
};

util::Result<Origin> find_origin(std::string_view text) {
    Origin origin;
    net::Uri uri = TRY(net::Uri::parse(text));
    auto address = net::Ipv4Address::parse(uri.host());
    if (!uri.scheme_is("tftp") || !address) return origin;
    origin.server = *address;
    std::string_view path = uri.path();
    if (path.starts_with('/')) path.remove_prefix(1);
    TRY(net::append_percent_decoded(origin.path, path));
    return origin;
}

void set_file(net::DhcpHeader& header, std::string_view name) {
    std::memset(header.file, 0, sizeof header.file);
    if (!name.empty() && name.size() < sizeof header.file) std::memcpy(header.file, name.data(), name.size());
}

class ReplyWriter {
  public:
    ReplyWriter(util::MutableBytes buffer, const net::DhcpHeader& header, Settings& settings)
        : writer_(buffer, header), settings_(settings), room_(buffer.size() - sizeof header - kFixed) {
        writer_.option_u8(option::kMessageType, static_cast<std::uint8_t>(net::DhcpMessageType::Ack));
    }
    // Every option by the number that the settings have one for; those that do not fit any more are left out.
    util::Result<void> put_all() {
        TRY(put(kPxelinuxConfig));
        TRY(put(kPxelinuxPrefix));
        for (unsigned number = 1; number < option::kEnd; ++number) {
            bool is_ours = number == option::kMessageType || number == option::kOverload;
            if (!is_ours && number != kPxelinuxConfig && number != kPxelinuxPrefix) TRY(put(number));
        }
        return {};
    }
    // For an interface that was configured without DHCP.
    void put_configuration(const net::Ipv4Config& config) {
        writer_.option(option::kSubnetMask, config.netmask);
        if (!config.gateway.is_unspecified()) writer_.option(option::kRouter, config.gateway);
    }
    util::Bytes finish() { return writer_.finish(); }

  private:
    // Magic number, message type, end, and what put_configuration() adds.
    static constexpr std::size_t kFixed = 4 + 3 + 1 + 12;

    util::Result<void> put(unsigned number) {
        util::Text<4> name;
        SettingValue value;
        if (!TRY(settings_.fetch(name.decimal(number).view(), value))) return {};
        std::size_t size = value.bytes.size() + 2 * (value.bytes.size() / 255 + 1);
        if (size > room_) return {};
        room_ -= size;
        writer_.option(static_cast<std::uint8_t>(number), value.bytes.view());
        return {};
    }

    net::DhcpWriter writer_;
    Settings& settings_;
    std::size_t room_;
};

}  // namespace

util::Result<void> NbpPackets::make(Settings& settings, Nic& nic, std::string_view uri) {
    util::Buffer<kReplyRoom> buffer;
    TRY(keep(discover_, nic.dhcp.write_discover(buffer)));
    Origin origin = TRY(find_origin(uri));
    bool by_tftp = !origin.server.is_unspecified(), leased = nic.dhcp.has_lease();
    const net::Ipv4Config* config = nic.interface.config();
    net::DhcpHeader header;
    std::memcpy(&header, discover_.data(), sizeof header);
    header.op = net::kBootReply;
    if (config) header.yiaddr = config->address;
    if (leased) {
        const net::DhcpMessage& message = nic.dhcp.lease().message;
        header = message.header;
        TRY(keep(ack_, message.packet.span()));
        // What GRUB takes for its server.
        if (by_tftp) util::view_as<net::DhcpHeader>(ack_.span())->siaddr = origin.server;
    }
    util::String next_server = settings.text("next-server"sv), filename = settings.text("filename"sv);
    header.siaddr = net::Ipv4Address::parse(next_server.view()).value_or(net::Ipv4Address());
    set_file(header, filename.view());
    if (by_tftp) {
        header.siaddr = origin.server;
        set_file(header, origin.path.view());
    }
    ReplyWriter writer(buffer, header, settings);
    TRY(writer.put_all());
    if (!leased && config) writer.put_configuration(*config);
    return keep(reply_, writer.finish());
}

net::PxePackets NbpPackets::packets() const {
    util::Bytes reply = reply_.span();
    return {discover_.span(), ack_.empty() ? reply : util::Bytes(ack_.span()), reply};
}

}  // namespace scripts
