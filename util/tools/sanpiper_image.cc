// sanpiper-image: shows what a built image is, and changes its embedded script without a compiler. Packed again as
// it was: a changed ROM is byte for byte the one that would have been built with that script. Exit code 0; 1 when it could not be done or something in the image is wrong, which is said; 2
// for wrong usage.
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "drivers/selection.h"
#include "embed/features.h"
#include "util/tools/image_file.h"

namespace {

using tools::Bytes;

constexpr char kUsage[] =
    "usage: sanpiper-image info FILE                       what the image is, and whether its sums are right\n"
    "       sanpiper-image script FILE                     prints the script that is built in\n"
    "       sanpiper-image script FILE SCRIPT [-o OUTPUT]  builds SCRIPT in instead; \"-\" is standard input\n"
    "       sanpiper-image script FILE --remove [-o OUTPUT]\n"
    "FILE is any image of Sanpiper: .rom .isarom .pxe .kpxe .kkpxe .lkrn .krn .iso .usb .hd .dsk\n"
    "Without -o it is changed in place. Files on media stay as they are.\n";

[[noreturn]] void usage() {
    std::fputs(kUsage, stderr);
    std::exit(2);
}

// What the image ends with (arch/stage/packed.h).
struct Tail {
    std::string script, label;
};

Tail tail_of(const tools::PackedImage& image) {
    const std::uint8_t* at = image.plain.data() + image.header.script_offset;
    std::size_t left = image.header.image_size - image.header.script_offset - 4;
    std::uint32_t size;
    std::memcpy(&size, at, 4);
    if (size > left) tools::fail("the script in the image is damaged");
    const char* text = reinterpret_cast<const char*>(at + 4);
    std::string label(text + size, left - size);
    return {std::string(text, size), label.substr(0, label.find('\0'))};
}

void set_script(tools::PackedImage& image, const std::string& script) {
    Tail tail = tail_of(image);
    auto size = static_cast<std::uint32_t>(script.size());
    Bytes end(4);
    std::memcpy(end.data(), &size, 4);
    end.insert(end.end(), script.begin(), script.end());
    end.insert(end.end(), tail.label.c_str(), tail.label.c_str() + tail.label.size() + 1);
    auto at = image.plain.begin() + image.header.script_offset;
    at = image.plain.erase(at, image.plain.begin() + image.header.image_size);
    image.plain.insert(at, end.begin(), end.end());
}

void print_script(const std::string& script) {
    std::printf("  %-12s %zu bytes\n", "script", script.size());
    std::string line;
    for (std::size_t i = 0; i <= script.size(); ++i) {
        if (i < script.size() && script[i] != '\n') {
            line += script[i];
        } else {
            if (i < script.size() || !line.empty()) std::printf("    | %s\n", line.c_str());
            line.clear();
        }
    }
}

void print_drivers(std::string_view selection) {
    std::printf("  %-12s %.*s:", "drivers", static_cast<int>(selection.size()), selection.data());
    std::string_view last;
    for (const drivers::Chip& chip : drivers::kChips) {
        if (!drivers::selects(selection, chip)) continue;
        if (chip.driver != last && std::ranges::find_if(drivers::kChips, [&](const drivers::Chip& other) {
                return other.driver == chip.driver && drivers::selects(selection, other);
            }) == &chip)
            std::printf(" %.*s", static_cast<int>(chip.driver.size()), chip.driver.data());
        last = chip.driver;
    }
    std::puts("");
}

void print_features(std::string_view selection) {
    std::printf("  %-12s ", "features");
    if (selection == "san") {
        std::puts("san (only what starts a SAN disk)");
        return;
    }
    for (const embed::Feature& feature : embed::kFeatures)
        if (embed::has_feature(selection, feature.name)) std::printf("%.*s ", static_cast<int>(feature.name.size()), feature.name.data());
    std::puts("");
}

// Version, a space, drivers, a plus sign, features.
void print_label(const std::string& label) {
    std::size_t space = label.find(' '), plus = label.find('+');
    if (space == label.npos || plus == label.npos) tools::fail("the image does not say what it is");
    std::printf("  %-12s %s\n", "version", label.substr(0, space).c_str());
    print_drivers(label.substr(space + 1, plus - space - 1));
    print_features(label.substr(plus + 1));
}

bool print_checks(const tools::ImageFile& file) {
    bool all = true;
    std::printf("  %-12s the packed image's sum: right", "checksums");
    for (const tools::Check& check : tools::checks(file)) {
        std::printf("; %s: %s", check.what, check.right ? "right" : "WRONG");
        all = all && check.right;
    }
    std::puts("");
    return all;
}

int info(const char* path) {
    tools::ImageFile file = tools::read_image(path);
    tools::PackedImage image = tools::unpack(file.packed());
    Tail tail = tail_of(image);
    std::printf("%s: Sanpiper, %s\n", path, tools::name_of(file.format));
    print_label(tail.label);
    if (auto ids = tools::pci_ids(file); !ids.empty()) {
        std::printf("  %-12s", "PCI ids");
        for (std::uint32_t id : ids) std::printf(" %04x:%04x", id >> 16, id & 0xffff);
        std::puts("");
    }
    const char* packer = "?";
    for (const tools::PackerName& row : tools::kPackers)
        if (row.packer == image.header.packer) packer = row.name;
    std::printf("  %-12s file %zu bytes; image %u bytes, packed (%s) %u; base memory %u KiB\n", "sizes", file.bytes.size(),
                image.header.image_size, packer, image.header.size, (image.header.resident_size + 1023) / 1024);
    std::printf("  %-12s %zu bytes more, packed\n", "room", tools::room(file) - image.header.size);
    bool right = print_checks(file);
    if (tail.script.empty()) std::printf("  %-12s none\n", "script");
    else print_script(tail.script);
    return right ? 0 : 1;
}

std::string read_script(const char* path) {
    Bytes bytes = tools::read_file(std::strcmp(path, "-") == 0 ? "/dev/stdin" : path);
    if (std::ranges::find(bytes, std::uint8_t{0}) != bytes.end()) tools::fail(std::string(path) + " is no script: it has bytes that are zero");
    return {bytes.begin(), bytes.end()};
}

// Under another name until it is complete.
void write_whole(const char* path, const Bytes& bytes, mode_t mode) {
    char real[PATH_MAX];
    std::string target = realpath(path, real) ? real : path;
    struct stat status;
    if (stat(target.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) tools::fail(target + " is not a file");
    std::string temporary = target + ".XXXXXX";
    int descriptor = mkstemp(temporary.data());
    if (descriptor < 0) tools::fail("cannot write beside " + target + ": " + std::strerror(errno));
    std::size_t done = 0;
    while (done < bytes.size()) {
        ssize_t count = write(descriptor, bytes.data() + done, bytes.size() - done);
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
    }
    bool good = done == bytes.size() && fchmod(descriptor, mode & 0777) == 0 && fsync(descriptor) == 0;
    good = close(descriptor) == 0 && good && rename(temporary.c_str(), target.c_str()) == 0;
    if (good) return;
    std::string reason = std::strerror(errno);
    unlink(temporary.c_str());
    tools::fail("cannot write " + target + ": " + reason);
}

int change_script(const char* path, const std::string& script, const char* output) {
    tools::ImageFile file = tools::read_image(path);
    tools::PackedImage image = tools::unpack(file.packed());
    for (const tools::Check& check : tools::checks(file))
        if (!check.right) tools::fail(std::string("the file is damaged: wrong: ") + check.what);
    set_script(image, script);
    tools::replace_packed(file, tools::pack(image));
    struct stat status;
    if (stat(path, &status) != 0) tools::fail(std::string("cannot read ") + path);
    write_whole(output, file.bytes, status.st_mode);
    std::printf("%s: %zu bytes, script of %zu bytes\n", output, file.bytes.size(), script.size());
    return 0;
}

int script_command(int argc, char** argv) {
    const char *file = argv[0], *script = nullptr, *output = file;
    bool remove = false;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "-o") == 0 && i + 1 < argc) output = argv[++i];
        else if (std::strcmp(argv[i], "--remove") == 0) remove = true;
        else if ((argv[i][0] != '-' || !argv[i][1]) && !script) script = argv[i];
        else usage();
    }
    if (remove && script) usage();
    if (remove || script) return change_script(file, remove ? "" : read_script(script), output);
    if (output != file) usage();
    std::string text = tail_of(tools::unpack(tools::read_image(file).packed())).script;
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc >= 2 && (std::strcmp(argv[1], "--help") == 0 || std::strcmp(argv[1], "-h") == 0)) {
        std::fputs(kUsage, stdout);
        return 0;
    }
    if (argc < 3) usage();
    if (std::strcmp(argv[1], "info") == 0 && argc == 3) return info(argv[2]);
    if (std::strcmp(argv[1], "script") == 0) return script_command(argc - 2, argv + 2);
    usage();
}
