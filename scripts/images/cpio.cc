#include "scripts/images/cpio.h"

#include <algorithm>

namespace scripts {

namespace {

// "070701", then 13 numbers of 8 hexadecimal digits.
constexpr std::size_t kHeaderSize = 110;
constexpr unsigned kRegular = 0100000, kDirectory = 040755, kDefaultMode = 0644;

constexpr std::size_t padded(std::size_t size) { return (size + kCpioAlignment - 1) & ~(kCpioAlignment - 1); }

void write_header(util::Writer& writer, std::string_view name, unsigned mode, std::size_t size) {
    util::Text<kHeaderSize> header;
    header.text("070701").hex(0, 8).hex(mode, 8);                          // inode, mode
    header.hex(0, 16).hex(1, 8).hex(0, 8).hex(size, 8);                    // owner, group, links, time, size
    header.hex(0, 16).hex(0, 16).hex(name.size() + 1, 8).hex(0, 8);        // devices, length of the name, sum
    writer.text(header.view());
    writer.text(name);
    writer.zeros(padded(kHeaderSize + name.size() + 1) - kHeaderSize - name.size());
}

struct Member {
    std::string_view path;
    unsigned mode = kDefaultMode;
    std::size_t directories = SIZE_MAX;
};

Member parse(std::string_view arguments) {
    Member member;
    while (!arguments.empty()) {
        auto [word, rest, found] = util::split_first(util::trim(arguments), ' ');
        arguments = rest;
        if (member.path.empty()) {
            member.path = word.substr(std::min(word.find_first_not_of('/'), word.size()));
        } else if (word.starts_with("mode=")) {
            member.mode = 0;
            for (char digit : word.substr(5)) member.mode = (member.mode * 8 + (digit & 7)) & 07777;
        } else if (word.starts_with("mkdir=")) {
            member.directories = util::parse_decimal(word.substr(6)).value_or(SIZE_MAX);  // -1: all
        }
    }
    return member;
}

}  // namespace

util::Result<util::Bytes> cpio_headers(std::string_view arguments, std::size_t size, BootPlan& plan) {
    Member member = parse(arguments);
    if (member.path.empty()) return util::Bytes();
    auto depth = static_cast<std::size_t>(std::count(member.path.begin(), member.path.end(), '/'));
    util::Writer writer(TRY(plan.make((depth + 1) * padded(kHeaderSize + member.path.size() + 1))));
    for (std::size_t at = 0; at < member.path.size(); ++at)
        if (member.path[at] == '/' && depth-- <= member.directories)
            write_header(writer, member.path.substr(0, at), kDirectory, 0);
    write_header(writer, member.path, kRegular | member.mode, size);
    return util::Bytes(writer.written());
}

}  // namespace scripts
