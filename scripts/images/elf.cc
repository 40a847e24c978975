#include "scripts/images/elf.h"

#include "scripts/images/formats.h"

namespace scripts {

namespace {

constexpr std::size_t kIdentSize = 16, kClass = 4, kData = 5, kSmallestFile = kIdentSize + 2 + 2;  // to the machine
constexpr std::uint8_t kClass32 = 1, kClass64 = 2, kLittleEndian = 1;
constexpr std::uint16_t kExecutable = 2, kIntel386 = 3, kX86_64 = 62;
constexpr std::uint32_t kLoad = 1;                     // p_type
constexpr std::uint32_t kNull = 0, kNoBits = 8;        // sh_type

}  // namespace

bool Elf::probe(util::Bytes content) {
    if (content.size() < kSmallestFile || !util::as_text(content).starts_with("\x7f" "ELF")) return false;
    auto elf_class = std::to_integer<std::uint8_t>(content[kClass]);
    if (elf_class != kClass32 && elf_class != kClass64) return false;
    util::Reader reader(content.subspan(kIdentSize));
    std::uint16_t type = reader.le16(), machine = reader.le16();
    return std::to_integer<std::uint8_t>(content[kData]) == kLittleEndian && type == kExecutable &&
           machine == (elf_class == kClass32 ? kIntel386 : kX86_64);
}

Elf::Elf(util::Bytes content) : content_(content), is_64_(std::to_integer<std::uint8_t>(content[kClass]) == kClass64) {
    util::Reader reader(content.subspan(kIdentSize));
    reader.skip(2 + 2 + 4);  // type, machine, version
    entry_ = reader.le32();
    if (is_64_) reader.skip(4);
    program_headers_ = word(reader);
    section_headers_ = word(reader);
    reader.skip(4 + 2);  // flags, size of this header
    program_size_ = reader.le16();
    program_count_ = reader.le16();
    section_size_ = reader.le16();
    section_count_ = reader.le16();
    section_names_ = reader.le16();
    if (!reader.ok()) program_headers_ = section_headers_ = UINT32_MAX;
}

std::uint32_t Elf::word(util::Reader& reader) const {
    std::uint32_t low = reader.le32();
    if (is_64_ && reader.le32()) reader.fail();
    return low;
}

util::Bytes Elf::piece(std::uint32_t offset, std::uint32_t size) const {
    if (offset > content_.size() || size > content_.size() - offset) return {};
    return content_.subspan(offset, size);
}

util::Result<void> Elf::load(Layout& layout) {
    util::Bytes headers = piece(program_headers_, std::uint32_t{program_size_} * program_count_);
    bool has_entry = false;
    std::uint32_t entry = entry_;
    for (; !headers.empty(); headers = headers.subspan(program_size_)) {
        util::Reader reader(headers.first(program_size_));
        if (reader.le32() != kLoad) continue;
        if (is_64_) reader.skip(4);  // flags
        std::uint32_t offset = word(reader);
        // A kernel may run at the upper end of 64 bits: only the lower half tells where in the segment the entry is.
        std::uint32_t virtual_address = reader.le32();
        if (is_64_) reader.skip(4);
        std::uint32_t address = word(reader), file_size = word(reader), memory_size = word(reader);
        util::Bytes bytes = piece(offset, file_size);
        if (!reader.ok() || bytes.size() != file_size || file_size > memory_size) return kBadElf;
        TRY(layout.put(address, memory_size, bytes));
        // The entry is a virtual address, and paging is off.
        if (entry - virtual_address < memory_size) {
            entry_ = entry - virtual_address + address;
            has_entry = true;
        }
        has_entry |= entry - address < memory_size;
    }
    if (!has_entry) return kBadElf;
    return {};
}

util::Result<Elf::Sections> Elf::sections(Layout& layout, BootPlan& plan) const {
    // Where numbers are in a section header.
    const std::size_t address_at = is_64_ ? 16 : 12, word_size = is_64_ ? 8 : 4;
    Sections sections;
    util::Bytes headers = piece(section_headers_, std::uint32_t{section_size_} * section_count_);
    if (headers.empty() || section_size_ < address_at + 3 * word_size) return sections;
    util::MutableBytes copy = TRY(plan.make(headers.size()));
    std::memcpy(copy.data(), headers.data(), headers.size());
    for (std::size_t at = 0; at < copy.size(); at += section_size_) {
        util::Reader reader(util::Bytes(copy).subspan(at + 4));
        std::uint32_t type = reader.le32();
        reader.skip(word_size);  // flags
        std::uint32_t address = reader.le32();
        reader.skip(word_size - 4);
        std::uint32_t offset = word(reader), size = word(reader);
        util::Bytes bytes = piece(offset, size);
        if (address || type == kNull || type == kNoBits || bytes.empty() || !reader.ok()) continue;
        constexpr std::uint32_t kAlignment = 16;
        std::uint32_t place = TRY(layout.find_high(size, kAlignment));
        TRY(layout.put(place, size, bytes));
        util::Writer(copy.subspan(at + address_at)).le32(place);
    }
    return Sections{section_count_, section_size_, section_names_, copy};
}

bool probe_elf(util::Bytes content) { return Elf::probe(content) && !Elf(content).is_64(); }

// A program for flat 32-bit mode without a BIOS or an operating system beneath. It may return.
util::Result<void> plan_elf(const BootRequest& request, BootPlan& plan) {
    Layout layout(plan);
    Elf elf(request.content);
    TRY(elf.load(layout));
    plan.eip = elf.entry();
    plan.returns = BootPlan::Returns::Perhaps;
    return layout.arrange();
}

}  // namespace scripts
