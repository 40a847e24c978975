// sanpiper-lint: checks boot scripts, with the firmware's own tables and parsers.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <optional>

#include "embed/features.h"
#include "util/tools/lint/findings.h"

namespace lint {
namespace {

enum ExitCode { kClean = 0, kFindings = 1, kWrongUsage = 2 };

void print_help() {
    std::puts(
        "Usage: sanpiper-lint [OPTION]... FILE...\n"
        "Checks boot scripts (#!ipxe) and prints what is wrong as file:line: message [check]. FILE may be -, the standard input.\n"
        "\n"
        "  --features LIST   what the image has that will run them, as in its name: \"san\" (a plain ROM), \"cd--http\", \"all\"\n"
        "  --only LIST       these checks only, separated by commas\n"
        "  --ignore LIST     all but these\n"
        "  --notes           also what is only worth knowing\n"
        "  --list            the checks\n"
        "  --help            this\n"
        "\n"
        "Exit code: 0 nothing found, 1 findings, 2 wrong usage or a file that cannot be read.");
}

void print_checks() {
    static constexpr const char* kLevels[] = {"wrong", "likely", "note"};
    for (const Check& check : checks())
        std::printf("%-17s %-7s %s\n", std::string(check.name).c_str(), kLevels[static_cast<int>(check.level)], std::string(check.help).c_str());
}

int wrong_usage(const std::string& what) {
    std::cerr << "sanpiper-lint: " << what << "\nTry: sanpiper-lint --help\n";
    return kWrongUsage;
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        std::size_t end = std::min(text.find(','), text.size());
        if (end) names.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return names;
}

std::optional<std::string> read(const std::string& name) {
    std::FILE* file = name == "-" ? stdin : std::fopen(name.c_str(), "rb");
    if (!file) return {};
    std::string text;
    char part[4096];
    for (std::size_t size; (size = std::fread(part, 1, sizeof part, file)) > 0;) text.append(part, size);
    bool failed = std::ferror(file);
    if (file != stdin) std::fclose(file);
    if (failed) return {};
    return text;
}

// Checks all files; the worst exit code.
int check_files(const std::vector<std::string>& names, const Options& options) {
    int code = kClean;
    for (const std::string& name : names) {
        auto text = read(name);
        if (!text) {
            std::cerr << "sanpiper-lint: " << name << ": cannot be read\n";
            code = kWrongUsage;
            continue;
        }
        for (const Finding& finding : check_script(*text, options)) {
            std::cout << name << ':' << finding.line << ": " << finding.message << " [" << finding.check->name << "]\n";
            code = std::max<int>(code, kFindings);
        }
    }
    return code;
}

int run(const std::vector<std::string>& arguments) {
    Options options;
    std::vector<std::string> files;
    bool options_end = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string word = arguments[i];
        if (options_end || word == "-" || !word.starts_with('-')) {
            files.push_back(word);
            continue;
        }
        if (word == "--") options_end = true;
        else if (word == "--help" || word == "-h") return print_help(), kClean;
        else if (word == "--list") return print_checks(), kClean;
        else if (word == "--notes") options.notes = true;
        else {
            std::size_t equals = word.find('=');
            std::string value = equals == word.npos ? (i + 1 < arguments.size() ? arguments[++i] : "") : word.substr(equals + 1);
            word = word.substr(0, equals);
            if (word == "--features") options.features = value;
            else if (word == "--only") options.only = split_list(value);
            else if (word == "--ignore") options.ignored = split_list(value);
            else return wrong_usage("no such option: " + word);
            if (value.empty()) return wrong_usage(word + " needs a value");
        }
    }
    for (const auto* list : {&options.only, &options.ignored})
        for (const std::string& name : *list)
            if (!find_check(name)) return wrong_usage("no such check: " + name);
    if (!embed::is_feature_selection(options.features)) return wrong_usage("no such features: " + options.features);
    if (files.empty()) return wrong_usage("no file is named");
    return check_files(files, options);
}

}  // namespace
}  // namespace lint

int main(int argc, char** argv) { return lint::run({argv + 1, argv + argc}); }
