// Multiboot 2 kernels: the Multiboot2 Specification 2.0, for BIOS machines: what is for EFI is skipped.
#include <platform/memory.h>

#include "scripts/images/multiboot.h"

namespace scripts {

namespace {

using util::Le16, util::Le32;

struct Header {
    Le32 magic, architecture, length, checksum;
};
constexpr std::uint32_t kMagic = 0xe85250d6, kBootMagic = 0x36d76289, kI386 = 0;
constexpr std::size_t kSearched = 32768, kAlignment = 8;

struct HeaderTag {
    Le16 type, flags;
    Le32 size;
};
enum class Wish : std::uint16_t {
    End, Information, Addresses, Entry, Console, Framebuffer, ModuleAlignment, EfiBootServices, EfiEntry32, EfiEntry64, Relocatable,
};
constexpr std::uint16_t kOptional = 1;

struct Tag {
    Le32 type, size;
};
enum InfoTag : std::uint32_t {
    kEnd, kCommandLine, kLoader, kModule, kBasicMemory, kBootDevice, kMap, kVbe, kFramebuffer, kSections,
};
// The kinds of information that are given.
constexpr std::uint32_t kGiven = 1 << kCommandLine | 1 << kLoader | 1 << kModule | 1 << kBasicMemory | 1 << kMap | 1 << kSections;

struct MapEntry {
    platform::MemoryRange range;
    Le32 reserved;
};

constexpr std::size_t padded(std::size_t size) { return (size + kAlignment - 1) & ~(kAlignment - 1); }

// Offset of the header, which is there whole.
std::size_t find_header(util::Bytes content) {
    util::Bytes searched = content.first(std::min(content.size(), kSearched));
    for (std::size_t at = 0; at + sizeof(Header) <= searched.size(); at += kAlignment) {
        const Header& header = *util::view_as<Header>(searched.subspan(at));
        std::uint32_t sum = header.magic + header.architecture + header.length + header.checksum;
        if (header.magic == kMagic && header.architecture == kI386 && sum == 0 && header.length >= sizeof(Header) &&
            header.length <= searched.size() - at)
            return at;
    }
    return SIZE_MAX;
}

// What the header's tags ask for.
struct Wishes {
    bool by_addresses = false, has_entry = false;
    Multiboot::Addresses addresses{};
    std::uint32_t entry = 0;
};

util::Result<void> check_information(util::Reader& wanted, BootPlan& plan) {
    while (wanted.remaining() >= 4) {
        std::uint32_t type = wanted.le32();
        if (type < 32 && kGiven >> type & 1) continue;
        plan.detail.format("information of type %u", type);
        return kMultibootWish;
    }
    return {};
}

util::Result<Wishes> read_wishes(util::Bytes tags, BootPlan& plan) {
    Wishes wishes;
    while (tags.size() >= sizeof(HeaderTag)) {
        const HeaderTag& tag = *util::view_as<HeaderTag>(tags);
        std::uint16_t type = tag.type;
        if (type == static_cast<std::uint16_t>(Wish::End)) break;
        std::size_t size = tag.size;
        if (size < sizeof(HeaderTag) || size > tags.size()) return kBadMultiboot;
        util::Reader reader(tags.subspan(sizeof(HeaderTag), size - sizeof(HeaderTag)));
        bool must = !(tag.flags & kOptional);
        switch (static_cast<Wish>(type)) {
            case Wish::Information:
                if (must) TRY(check_information(reader, plan));
                break;
            case Wish::Addresses:
                wishes.addresses = reader.take<Multiboot::Addresses>();
                wishes.by_addresses = true;
                break;
            case Wish::Entry:
                wishes.entry = reader.le32();
                wishes.has_entry = true;
                break;
            case Wish::Console: case Wish::ModuleAlignment: case Wish::EfiBootServices: case Wish::EfiEntry32:
            case Wish::EfiEntry64: case Wish::Relocatable:
                break;
            default:
                if (!must) break;
                plan.detail.format("tag %u of its Multiboot 2 header", std::uint32_t{type});
                return kMultibootWish;
        }
        if (!reader.ok()) return kBadMultiboot;
        tags = tags.subspan(std::min(padded(size), tags.size()));
    }
    return wishes;
}

// Writes tags one after another; without memory it only counts.
class TagWriter {
  public:
    explicit TagWriter(util::MutableBytes memory) : writer_(memory) {}
    // The rest of the tag is the caller's to write; the next begin() or end() pads.
    util::Writer& begin(std::uint32_t type, std::size_t payload) {
        pad();
        writer_.put_struct(Tag{type, static_cast<std::uint32_t>(sizeof(Tag) + payload)});
        return writer_;
    }
    void pad() { writer_.zeros(padded(writer_.size()) - writer_.size()); }
    util::Writer& writer() { return writer_; }

  private:
    util::Writer writer_;
};

std::size_t info_size(const Multiboot& boot) {
    std::size_t size = 8 + 5 * (sizeof(Tag) + kAlignment) + padded(16 + Multiboot::command_line_size(boot.request.image)) +
                       kLoaderName.size() + 1 + 8 + 8 + platform::memory_map().size() * sizeof(MapEntry);
    for (const MultibootModule& module : boot.modules.span())
        size += padded(sizeof(Tag) + 8 + Multiboot::command_line_size(*module.image));
    return padded(size + sizeof(Tag) + 12 + boot.sections.headers.size());
}

util::Result<void> place_info(Multiboot& boot) {
    std::size_t room = info_size(boot);
    std::uint32_t base = TRY(boot.layout.find_high(room, kPage));
    util::MutableBytes memory = TRY(boot.plan.make(room));
    TRY(boot.layout.put(base, room, memory));

    TagWriter tags(memory);
    tags.writer().zeros(8);  // total size, set last, and a reserved word
    const Image& image = boot.request.image;
    Multiboot::write_command_line(tags.begin(kCommandLine, Multiboot::command_line_size(image)), image);
    util::Writer& name = tags.begin(kLoader, kLoaderName.size() + 1);
    name.text(kLoaderName);
    name.u8(0);
    util::Writer& memory_size = tags.begin(kBasicMemory, 8);
    memory_size.le32(platform::base_memory_end() / 1024);
    memory_size.le32(Multiboot::upper_memory());
    auto ranges = platform::memory_map();
    util::Writer& map = tags.begin(kMap, 8 + ranges.size() * sizeof(MapEntry));
    map.le32(sizeof(MapEntry));
    map.le32(0);  // version
    for (const platform::MemoryRange& range : ranges) map.put_struct(MapEntry{range, 0u});
    for (const MultibootModule& module : boot.modules.span()) {
        util::Writer& writer = tags.begin(kModule, 8 + Multiboot::command_line_size(*module.image));
        writer.le32(module.start);
        writer.le32(module.end);
        Multiboot::write_command_line(writer, *module.image);
    }
    if (!boot.sections.headers.empty()) {
        util::Writer& writer = tags.begin(kSections, 12 + boot.sections.headers.size());
        writer.le32(boot.sections.count);
        writer.le32(boot.sections.entry_size);
        writer.le32(boot.sections.names);
        writer.bytes(boot.sections.headers);
    }
    tags.begin(kEnd, 0);
    ASSERT(tags.writer().ok());
    util::Writer(memory).le32(static_cast<std::uint32_t>(tags.writer().size()));
    boot.plan.eax = kBootMagic;
    boot.plan.ebx = base;
    return {};
}

}  // namespace

bool probe_multiboot2(util::Bytes content) { return find_header(content) != SIZE_MAX; }

util::Result<void> plan_multiboot2(const BootRequest& request, BootPlan& plan) {
    Multiboot boot(request, plan);
    std::size_t at = find_header(request.content);
    std::size_t length = util::view_as<Header>(request.content.subspan(at))->length;
    Wishes wishes = TRY(read_wishes(request.content.subspan(at + sizeof(Header), length - sizeof(Header)), plan));
    if (wishes.by_addresses) TRY(boot.load_by_addresses(wishes.addresses, at));
    else TRY(boot.load_elf());
    if (wishes.has_entry) TRY(boot.enter_at(wishes.entry));
    else if (wishes.by_addresses) return kBadMultiboot;
    TRY(boot.place_modules());
    TRY(place_info(boot));
    return boot.layout.arrange();
}

}  // namespace scripts
