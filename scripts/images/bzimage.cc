// Linux kernels: the x86 boot protocol, 2.00 up to the current one (Linux Documentation/arch/x86/boot.rst), entered by its
// 16-bit code, which asks the BIOS for what it wants to know itself. memdisk, wimboot, memtest86+ and others use it as well.
#include <algorithm>
#include <array>

#include "scripts/images/cpio.h"
#include "scripts/images/formats.h"
#include "scripts/images/layout.h"

namespace scripts {

namespace {

using util::Le16, util::Le32, util::Le64;

constexpr util::Failure kTruncatedKernel{util::code::kScript + 82, "the kernel is cut off"};
constexpr util::Failure kBadKernel{util::code::kScript + 182, "the kernel's header makes no sense"};

constexpr std::size_t kHeaderOffset = 0x1f1, kSector = 512;

struct SetupHeader {
    std::uint8_t setup_sects;
    Le16 root_flags;
    Le32 syssize;
    Le16 ram_size, vid_mode, root_dev, boot_flag, jump;
    Le32 header;
    Le16 version;
    Le32 realmode_swtch;
    Le16 start_sys_seg, kernel_version;
    std::uint8_t type_of_loader, loadflags;
    Le16 setup_move_size;
    Le32 code32_start, ramdisk_image, ramdisk_size, bootsect_kludge;
    Le16 heap_end_ptr;
    std::uint8_t ext_loader_ver, ext_loader_type;
    Le32 cmd_line_ptr, initrd_addr_max, kernel_alignment;
    std::uint8_t relocatable_kernel, min_alignment;
    Le16 xloadflags;
    Le32 cmdline_size, hardware_subarch;
    Le64 hardware_subarch_data;
    Le32 payload_offset, payload_length;
    Le64 setup_data, pref_address;
    Le32 init_size, handover_offset;
};
static_assert(kHeaderOffset + offsetof(SetupHeader, header) == 0x202);
static_assert(kHeaderOffset + offsetof(SetupHeader, handover_offset) == 0x264);

// Before 2.02 the command line was found by these, at 20h of the setup code's segment.
struct OldCommandLine {
    Le16 magic, offset;
};
constexpr std::size_t kOldCommandLine = 0x20;
constexpr std::uint16_t kOldCommandLineMagic = 0xa33f;

constexpr std::uint16_t kBootFlag = 0xaa55;
constexpr std::uint32_t kHdrS = 0x53726448;
constexpr std::uint8_t kLoadedHigh = 1, kCanUseHeap = 0x80, kUnknownLoader = 0xff;
constexpr std::uint16_t kAbove4GiB = 2;  // XLF_CAN_BE_LOADED_ABOVE_4G: any address will do
constexpr std::uint16_t kHeapFrom = 0x201, kCommandLineFrom = 0x202, kInitrdMaximumFrom = 0x203,
                        kCommandLineSizeFrom = 0x206, kPayloadFrom = 0x208, kInitSizeFrom = 0x20a,
                        kXloadflagsFrom = 0x20c;

constexpr std::uint32_t kHighKernel = 0x100000, kLowKernel = 0x10000, kParagraph = 16;
// Setup code and heap, then the command line. The old place is the only one that old kernels know.
constexpr std::uint32_t kSetup = 0x10000, kOldSetup = 0x90000;
constexpr std::uint16_t kHeapEnd = 0xe000, kOldHeapEnd = 0x9800, kHeapEndBias = 0x200;
constexpr std::uint32_t kOldInitrdEnd = 0x38000000;
constexpr std::size_t kOldCommandLineSize = 255;

// The value of "name=value" in a command line; empty when it is not there.
std::string_view parameter(std::string_view line, std::string_view name) {
    while (!line.empty()) {
        auto [word, rest, found] = util::split_first(line, ' ');
        if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=')
            return word.substr(name.size() + 1);
        line = rest;
    }
    return {};
}

// boot.rst, "Special Command Line Options".
std::uint16_t video_mode(std::string_view text, std::uint16_t otherwise) {
    if (util::equal(text, "normal")) return 0xffff;
    if (util::equal(text, "ext")) return 0xfffe;
    if (util::equal(text, "ask")) return 0xfffd;
    return static_cast<std::uint16_t>(util::parse_integer(text).value_or(otherwise));
}

std::uint32_t memory_limit(std::string_view text) {
    constexpr std::string_view kUnits = "kmg";
    std::size_t unit = text.empty() ? text.npos : kUnits.find(util::to_lower(text.back()));
    if (unit != text.npos) text.remove_suffix(1);
    unsigned shift = unit == text.npos ? 0 : 10 * (static_cast<unsigned>(unit) + 1);
    std::uint64_t limit = util::parse_integer(text).value_or(Layout::kNoLimit);
    return limit > Layout::kNoLimit >> shift ? Layout::kNoLimit : static_cast<std::uint32_t>(limit) << shift;
}

class Bzimage {
  public:
    Bzimage(const BootRequest& request, BootPlan& plan)
        : request_(request), plan_(plan), layout_(plan), header_(*util::view_as<SetupHeader>(request.content.subspan(kHeaderOffset))) {}

    util::Result<void> plan() {
        TRY(place_kernel());
        TRY(place_setup());
        TRY(place_initrds());
        check_initrd_names();
        return layout_.arrange();
    }

  private:
    util::Result<void> place_kernel();
    util::Result<void> place_setup();
    util::Result<void> place_initrds();
    std::uint32_t initrd_end() const;
    void check_initrd_names();
    bool has_image(std::string_view name);
    // Goes on in the plan's detail on a line of its own.
    util::TextSink& remark() { return plan_.detail.text(plan_.detail.view().empty() ? "" : "\n  "); }
    std::size_t setup_size() const {
        constexpr std::size_t kDefaultSectors = 4;
        return ((header_.setup_sects ? header_.setup_sects : kDefaultSectors) + 1) * kSector;
    }
    bool high() const { return header_.loadflags & kLoadedHigh; }

    const BootRequest& request_;
    BootPlan& plan_;
    Layout layout_;
    const SetupHeader& header_;
    SetupHeader* patched_ = nullptr;  // in the copy of the setup code that will run
};

util::Result<void> Bzimage::place_kernel() {
    if (request_.content.size() <= setup_size()) return kTruncatedKernel;
    util::Bytes kernel = request_.content.subspan(setup_size());
    // Whoever says where the payload is has been made by Linux's own tools, and the number of paragraphs is right as well.
    if (header_.version >= kPayloadFrom && header_.payload_length &&
        (kernel.size() < header_.payload_offset + std::uint64_t{header_.payload_length} ||
         kernel.size() + kParagraph - 1 < std::uint64_t{header_.syssize} * kParagraph))
        return kTruncatedKernel;
    auto size = static_cast<std::uint32_t>(kernel.size());
    if (!high() && size > kOldSetup - kLowKernel) {
        plan_.detail.format("it has %u KiB, and such an old kernel has %u KiB at most", (size - 1) / 1024 + 1, (kOldSetup - kLowKernel) / 1024);
        return kBadKernel;
    }
    std::uint32_t base = high() ? kHighKernel : kLowKernel, end = base + size;
    TRY(layout_.put(base, size, kernel));
    if (header_.version < kInitSizeFrom) return {};
    if (header_.pref_address > UINT32_MAX) {
        plan_.detail.format("it is made to run at address 0x%lx, above 4 GiB", std::uint64_t{header_.pref_address});
        return kBadKernel;
    }
    // It unpacks itself to where it prefers to be.
    std::uint32_t runs_at = std::max(static_cast<std::uint32_t>(header_.pref_address), base);
    std::uint32_t from = std::max(runs_at, end), used = from - runs_at;
    return header_.init_size > used ? layout_.reserve(from, header_.init_size - used) : util::Result<void>();
}

util::Result<void> Bzimage::place_setup() {
    bool modern = header_.version >= kCommandLineFrom && high();
    std::uint32_t base = modern ? kSetup : kOldSetup;
    std::uint16_t heap_end = modern ? kHeapEnd : kOldHeapEnd;
    if (setup_size() > heap_end) {
        plan_.detail.format("its setup code has %u KiB, and there is room for %u", static_cast<unsigned>(setup_size() / 1024), heap_end / 1024u);
        return kBadKernel;
    }
    util::MutableBytes setup = TRY(plan_.make(setup_size()));
    std::memcpy(setup.data(), request_.content.data(), setup.size());

    std::string_view line = request_.arguments;
    std::size_t longest = header_.version >= kCommandLineSizeFrom ? std::size_t{header_.cmdline_size} : kOldCommandLineSize;
    if (line.size() > longest) {
        remark().format("the command line is too long for this kernel: %u of %u characters are passed on",
                            static_cast<unsigned>(longest), static_cast<unsigned>(line.size()));
        line = line.substr(0, longest);
    }
    // With the zero behind it.
    TRY(layout_.put(base + heap_end, static_cast<std::uint32_t>(line.size()) + 1, util::as_bytes(line)));

    SetupHeader& header = *util::view_as<SetupHeader>(setup.subspan(kHeaderOffset));
    patched_ = &header;
    header.type_of_loader = kUnknownLoader;
    header.vid_mode = video_mode(parameter(line, "vga"), header.vid_mode);
    if (header.version >= kHeapFrom) {
        header.heap_end_ptr = heap_end - kHeapEndBias;
        header.loadflags |= kCanUseHeap;
    }
    if (header.version >= kCommandLineFrom) {
        header.cmd_line_ptr = base + heap_end;
    } else {
        *util::view_as<OldCommandLine>(setup.subspan(kOldCommandLine)) = {kOldCommandLineMagic, heap_end};
        header.setup_move_size = static_cast<std::uint16_t>(heap_end + line.size() + 1);
    }
    plan_.entry = BootPlan::Entry::RealMode;
    plan_.ss = plan_.ds = static_cast<std::uint16_t>(base / 16);
    plan_.cs = static_cast<std::uint16_t>(base / 16 + kSector / 16);
    plan_.sp = heap_end;
    return layout_.put(base, heap_end, setup);
}

std::uint32_t Bzimage::initrd_end() const {
    std::uint32_t end = kOldInitrdEnd;
    if (header_.version >= kInitrdMaximumFrom && header_.initrd_addr_max != UINT32_MAX) end = header_.initrd_addr_max + 1;
    if (header_.version >= kXloadflagsFrom && header_.xloadflags & kAbove4GiB) end = Layout::kNoLimit;
    std::string_view limit = parameter(request_.arguments, "mem");
    return limit.empty() ? end : std::min(end, memory_limit(limit));
}

// All one after another, each at a multiple of four, as the kernel wants its archives.
util::Result<void> Bzimage::place_initrds() {
    constexpr std::uint32_t kAlignment = kCpioAlignment;
    auto padded = [](util::Bytes bytes) {
        return (static_cast<std::uint32_t>(bytes.size()) + kAlignment - 1) & -kAlignment;
    };
    util::Vector<util::Bytes> pieces;
    std::uint32_t total = 0;
    for (Image* image = nullptr; (image = request_.next_companion(image));) {
        for (util::Bytes piece : {TRY(cpio_headers(image->arguments(), image->content().size(), plan_)), image->bytes()}) {
            TRY(pieces.push(piece));
            total += padded(piece);
        }
    }
    if (total == 0) return {};
    std::uint32_t at = TRY(layout_.find_high(total, kPage, initrd_end(), "its initrd "));
    patched_->ramdisk_image = at;
    patched_->ramdisk_size = total;
    for (util::Bytes piece : pieces.span()) {
        TRY(layout_.put(at, padded(piece), piece));
        at += padded(piece);
    }
    return {};
}

bool Bzimage::has_image(std::string_view name) {
    std::size_t slash = name.rfind('/');
    return request_.images.find(name) || (slash != name.npos && request_.images.find(name.substr(slash + 1)));
}

// On a BIOS all images go along, whatever the command line calls them: a name that is none of theirs is a file that was forgotten, or could
// not be fetched. Not so the name by which EFI programs find all of them.
void Bzimage::check_initrd_names() {
    constexpr std::string_view kOption = "initrd=";
    for (util::Split words{{}, request_.arguments, true}; !words.after.empty();) {
        words = util::split_first(words.after, ' ');
        if (!words.before.starts_with(kOption)) continue;
        for (util::Split names{{}, words.before.substr(kOption.size()), true}; !names.after.empty();) {
            names = util::split_first(names.after, ',');
            if (names.before.empty() || util::equal(names.before, "initrd.magic") || has_image(names.before)) continue;
            remark().format("warning: the command line has initrd=%v, and there is no image of that name", &names.before);
        }
    }
}

// Up to the version, which is all that is needed to know it.
struct HeaderStart {
    std::array<std::byte, offsetof(SetupHeader, boot_flag)> other;
    Le16 boot_flag, jump;
    Le32 header;
    Le16 version;
};

}  // namespace

bool probe_bzimage(util::Bytes content) {
    if (content.size() < kHeaderOffset + sizeof(HeaderStart)) return false;
    const auto& header = *util::view_as<HeaderStart>(content.subspan(kHeaderOffset));
    return header.boot_flag == kBootFlag && header.header == kHdrS && header.version >= 0x200;
}

util::Result<void> plan_bzimage(const BootRequest& request, BootPlan& plan) {
    if (request.content.size() < kHeaderOffset + sizeof(SetupHeader)) return kTruncatedKernel;
    return Bzimage(request, plan).plan();
}

}  // namespace scripts
