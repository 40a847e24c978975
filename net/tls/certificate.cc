#include "net/tls/certificate.h"

#include <algorithm>

#include "util/calendar.h"

namespace net {

namespace {

constexpr std::uint8_t kRfc822Name = 1, kDnsName = 2, kIpAddress = 7;  // GeneralName, RFC 5280 section 4.2.1.6

// Object identifiers as DER has them.
bool is_object(util::Bytes object, std::initializer_list<std::uint8_t> wanted) {
    return std::ranges::equal(object, wanted, {}, [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
}

// Section 4.1.2.5: UTCTime "YYMMDDHHMMSSZ" until 2049, GeneralizedTime with four digits of the year behind that. 0: before 1970.
std::int64_t read_time(DerReader& reader) {
    DerItem item = reader.next();
    std::string_view text = util::as_text(item.content);
    bool is_short = item.tag == der::kUtcTime;
    std::uint32_t values[7] = {};
    std::size_t fields = is_short ? 6 : 7;
    bool good = (is_short || item.tag == der::kGeneralizedTime) && text.size() == fields * 2 + 1 && text.back() == 'Z';
    for (std::size_t i = 0; good && i < fields; ++i) {
        auto number = util::parse_decimal(text.substr(i * 2, 2));
        good = number.has_value();
        values[7 - fields + i] = static_cast<std::uint32_t>(number.value_or(0));
    }
    if (is_short) values[0] = values[1] < 50 ? 20 : 19;
    util::DateTime date{values[0] * 100 + values[1], values[2], values[3], values[4], values[5], values[6]};
    good &= date.month - 1 < 12 && date.day - 1 < 31 && date.hour < 24 && date.minute < 60 && date.second < 61;
    if (!good) reader.fail();
    return date.year < 1970 || !good ? 0 : util::to_unix_time(date);
}

void read_usages(Certificate& certificate, util::Bytes value) {
    certificate.has_usages = true;
    DerReader usages = DerReader(value).enter(der::kSequence);
    while (usages.ok() && !usages.at_end())
        if (is_object(usages.expect(der::kObject).content, {0x2b, 6, 1, 5, 5, 7, 3, 3})) certificate.signs_code = true;
}

// Those that are of interest. BearSSL sees to what is critical.
void read_extension(Certificate& certificate, DerReader extension) {
    util::Bytes object = extension.expect(der::kObject).content;
    extension.optional(der::kBoolean);
    util::Bytes value = extension.expect(der::kOctetString).content;
    if (!extension.ok()) return;
    if (is_object(object, {0x55, 0x1d, 0x0e})) certificate.key_id = DerReader(value).expect(der::kOctetString).content;
    if (is_object(object, {0x55, 0x1d, 0x11})) certificate.names = DerReader(value).expect(der::kSequence).content;
    if (is_object(object, {0x55, 0x1d, 0x25})) read_usages(certificate, value);
    if (is_object(object, {0x55, 0x1d, 0x0f})) {
        util::Bytes bits = DerReader(value).expect(der::kBitString).content;
        certificate.signs_data = bits.size() > 1 && (bits[1] & std::byte{0x80}) != std::byte{0};
    }
    if (is_object(object, {0x55, 0x1d, 0x13})) {
        util::Bytes flag = DerReader(value).enter(der::kSequence).optional(der::kBoolean).content;
        certificate.is_authority = flag.size() == 1 && flag[0] != std::byte{0};
    }
}

void read_key(Certificate& certificate, DerReader info) {
    DerReader algorithm = info.enter(der::kSequence);
    certificate.algorithm = algorithm.expect(der::kObject).content;
    if (!algorithm.at_end()) certificate.parameters = algorithm.next().content;
    certificate.key = der_whole_bits(info.expect(der::kBitString).content);
}

void append_shown(util::TextSink& target, util::Bytes text) {
    for (char c : util::as_text(text).substr(0, 64)) target.character(c >= ' ' && c <= '~' ? c : '?');
}

// The value of the last attribute of that type (id-at-n), else of the last one at all.
util::Bytes attribute(util::Bytes name, std::uint8_t type) {
    util::Bytes found, last;
    DerReader sets = DerReader(name).enter(der::kSequence);
    while (sets.ok() && !sets.at_end()) {
        DerReader pair = sets.enter(der::kSet).enter(der::kSequence);
        util::Bytes object = pair.expect(der::kObject).content, value = pair.next().content;
        if (!pair.ok()) continue;
        last = value;
        if (is_object(object, {0x55, 4, type})) found = value;
    }
    return found.empty() ? last : found;
}

constexpr std::uint8_t kCommonName = 3;

}  // namespace

bool same_bytes(util::Bytes a, util::Bytes b) { return util::as_text(a) == util::as_text(b); }

bool Certificate::is_self_issued() const { return same_bytes(issuer, subject); }

util::Result<Certificate> parse_certificate(util::Bytes der) {
    constexpr std::uint8_t kVersion = der::constructed(0), kExtensions = der::constructed(3);
    DerReader file(der);
    DerItem whole = file.expect(der::kSequence);
    Certificate certificate{.der = whole.whole};
    DerReader parts = DerReader(whole.content).enter(der::kSequence);
    parts.optional(kVersion);
    certificate.serial = parts.expect(der::kInteger).content;
    parts.expect(der::kSequence);
    certificate.issuer = parts.expect(der::kSequence).whole;
    DerReader validity = parts.enter(der::kSequence);
    certificate.not_before = read_time(validity);
    certificate.not_after = read_time(validity);
    certificate.subject = parts.expect(der::kSequence).whole;
    read_key(certificate, parts.enter(der::kSequence));
    if (!file.ok() || !parts.ok() || !validity.ok() || certificate.key.empty()) return kBadCertificate;
    while (!parts.at_end() && !parts.is_next(kExtensions)) {
        parts.next();
        if (!parts.ok()) return kBadCertificate;
    }
    if (parts.at_end()) return certificate;
    DerReader extensions = parts.enter(kExtensions).enter(der::kSequence);
    while (extensions.ok() && !extensions.at_end()) read_extension(certificate, extensions.enter(der::kSequence));
    if (!extensions.ok()) return kBadCertificate;
    return certificate;
}

void append_name(util::TextSink& target, util::Bytes name) {
    util::Bytes shown = attribute(name, kCommonName);
    if (shown.empty()) target.text("without a name");
    append_shown(target, shown);
}

void append_host_names(util::TextSink& target, const Certificate& certificate) {
    bool any = false;
    DerReader names(certificate.names);
    while (names.ok() && !names.at_end()) {
        DerItem name = names.next();
        bool is_address = name.tag == der::context(kIpAddress) && name.content.size() == sizeof(Ipv4Address);
        if (name.tag != der::context(kDnsName) && !is_address) continue;
        if (any) target.text(", ");
        any = true;
        for (std::size_t i = 0; is_address && i < name.content.size(); ++i)
            target.text(i ? "." : "").decimal(std::to_integer<std::uint8_t>(name.content[i]));
        if (!is_address) append_shown(target, name.content);
    }
    if (!any) append_name(target, certificate.subject);
}

bool is_for_address(const Certificate& certificate, Ipv4Address address) {
    DerReader names(certificate.names);
    while (names.ok() && !names.at_end()) {
        DerItem name = names.next();
        if (name.tag == der::context(kIpAddress) && same_bytes(name.content, std::as_bytes(std::span(&address, 1)))) return true;
    }
    return false;
}

bool has_name(const Certificate& certificate, std::string_view text) {
    if (util::equal_ignoring_case(util::as_text(attribute(certificate.subject, kCommonName)), text)) return true;
    DerReader names(certificate.names);
    while (names.ok() && !names.at_end()) {
        DerItem name = names.next();
        bool is_text = name.tag == der::context(kDnsName) || name.tag == der::context(kRfc822Name);
        if (is_text && util::equal_ignoring_case(util::as_text(name.content), text)) return true;
    }
    return false;
}

void append_date(util::TextSink& target, std::int64_t unix_time) {
    util::DateTime date = util::from_unix_time(unix_time);
    target.decimal(date.year, 4).character('-').decimal(date.month, 2).character('-').decimal(date.day, 2);
}

}  // namespace net
