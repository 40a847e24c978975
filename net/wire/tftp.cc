#include "net/wire/tftp.h"

#include "util/text.h"

namespace net {

namespace {

constexpr std::string_view kBlockSize = "blksize";
constexpr std::string_view kWindowSize = "windowsize";
constexpr std::string_view kTransferSize = "tsize";

// Text up to its NUL; nullopt when there is none, which is no string then (RFC 1350 section 5).
std::optional<std::string_view> take_text(util::Reader& reader) {
    std::string_view rest = util::as_text(reader.rest());
    std::size_t end = rest.find('\0');
    if (end == rest.npos) return std::nullopt;
    reader.skip(end + 1);
    return rest.substr(0, end);
}

void put_text(util::Writer& out, std::string_view text) {
    out.text(text);
    out.u8(0);
}

void put_option(util::Writer& out, std::string_view name, std::uint64_t value) {
    util::Text<20> digits;
    digits.decimal(value);
    put_text(out, name);
    put_text(out, digits.view());
}

template <class T>
bool read_number(std::string_view text, std::optional<T>& target) {
    auto value = util::parse_decimal(text);
    if (!value || static_cast<T>(*value) != *value) return false;
    target = static_cast<T>(*value);
    return true;
}

// Names of options are compared without case (RFC 2347). Others than ours were not asked for, and are passed over.
bool read_options(util::Reader& reader, TftpOptions& options) {
    while (reader.remaining()) {
        auto name = take_text(reader);
        auto value = name ? take_text(reader) : std::nullopt;
        if (!value) return false;
        bool good = true;
        if (util::equal_ignoring_case(*name, kBlockSize)) good = read_number(*value, options.block_size);
        if (util::equal_ignoring_case(*name, kWindowSize)) good = read_number(*value, options.window_size);
        if (util::equal_ignoring_case(*name, kTransferSize)) good = read_number(*value, options.transfer_size);
        if (!good) return false;
    }
    return true;
}

}  // namespace

std::optional<TftpPacket> parse_tftp(util::Bytes bytes) {
    util::Reader reader(bytes);
    TftpPacket packet{static_cast<TftpOpcode>(reader.be16())};
    bool good = true;
    switch (packet.opcode) {
        case TftpOpcode::Data:
            packet.block = reader.be16();
            packet.data = reader.rest();
            break;
        case TftpOpcode::Error: {
            packet.error = reader.be16();
            std::string_view text = util::as_text(reader.rest());
            packet.text = text.substr(0, text.find('\0'));
            break;
        }
        case TftpOpcode::OptionAck: good = read_options(reader, packet.options); break;
        default: return std::nullopt;
    }
    if (!good || !reader.ok()) return std::nullopt;
    return packet;
}

util::Bytes write_tftp_request(util::MutableBytes buffer, std::string_view filename, const TftpOptions& options) {
    if (filename.find('\0') != filename.npos) return {};
    util::Writer out(buffer);
    out.be16(static_cast<std::uint16_t>(TftpOpcode::ReadRequest));
    put_text(out, filename);
    put_text(out, "octet");
    if (options.block_size) put_option(out, kBlockSize, *options.block_size);
    if (options.transfer_size) put_option(out, kTransferSize, *options.transfer_size);
    if (options.window_size) put_option(out, kWindowSize, *options.window_size);
    return out.ok() ? out.written() : util::Bytes{};
}

util::Bytes write_tftp_ack(util::MutableBytes buffer, std::uint16_t block) {
    util::Writer out(buffer);
    out.be16(static_cast<std::uint16_t>(TftpOpcode::Ack));
    out.be16(block);
    return out.ok() ? out.written() : util::Bytes{};
}

util::Bytes write_tftp_error(util::MutableBytes buffer, TftpError error, std::string_view text) {
    util::Writer out(buffer);
    out.be16(static_cast<std::uint16_t>(TftpOpcode::Error));
    out.be16(static_cast<std::uint16_t>(error));
    put_text(out, text);
    return out.ok() ? out.written() : util::Bytes{};
}

}  // namespace net
