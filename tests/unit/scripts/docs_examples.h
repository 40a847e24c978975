// The examples of docs/: fenced blocks of Markdown pages, and what stands around them. docs/README.md tells writers of pages about it.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace docs {

struct Example {
    std::string place;   // "docs/commands/set.md:12"
    std::string script;
    std::string keys;    // what a person types
    std::string server;  // what the DHCP server says: "filename=boot.ipxe 17=iscsi:..."
    std::string output;  // what is printed; when that is known
    std::string screen;  // or what is on the screen before it is cleared
    bool is_run() const { return !output.empty() || !screen.empty(); }
};

struct Page {
    std::vector<Example> examples;
    std::map<std::string, std::string> files;  // on the server: blocks with file=NAME
};

// What `<!-- NAME: TEXT -->` says; empty when the line is none.
inline std::string remark(const std::string& line, const std::string& name) {
    std::string begin = "<!-- " + name + ": ", end = " -->";
    if (line.rfind(begin, 0) != 0 || line.size() < begin.size() + end.size()) return {};
    return line.substr(begin.size(), line.size() - begin.size() - end.size());
}

inline Page read_page(const std::filesystem::path& path) {
    Page page;
    Example next;
    std::ifstream in(path);
    std::string line, fence, block;
    bool inside = false, was_script = false;
    for (unsigned number = 1; std::getline(in, line); ++number) {
        if (inside && line.rfind("```", 0) == 0) {
            inside = false;
            std::istringstream words(fence);
            std::string kind, file;
            words >> kind >> file;
            if (file.rfind("file=", 0) == 0) {
                page.files[file.substr(5)] = block;
            } else if (kind == "ipxe") {
                next.script = block;
                next.place = path.string() + ":" + std::to_string(number);
                page.examples.push_back(next);
                next = {};
                was_script = true;
            } else if (was_script && (kind == "output" || kind == "screen")) {
                (kind == "output" ? page.examples.back().output : page.examples.back().screen) = block;
            }
        } else if (inside) {
            block += line + "\n";
        } else if (line.rfind("```", 0) == 0) {
            fence = line.substr(3);
            block.clear();
            inside = true;
        } else if (auto keys = remark(line, "keys"); !keys.empty()) {
            next.keys = keys;
        } else if (auto server = remark(line, "server"); !server.empty()) {
            next.server = server;
        } else if (!line.empty() && line != "prints" && line != "shows") {
            was_script = false;
        }
    }
    return page;
}

inline std::vector<std::filesystem::path> pages() {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator("docs"))
        if (entry.path().extension() == ".md") found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

// Whether the line is that one; "..." within it stands for any text.
inline bool line_matches(std::string_view seen, std::string_view wanted) {
    std::size_t dots = wanted.find("...");
    if (dots == wanted.npos) return seen == wanted;
    if (seen.substr(0, dots) != wanted.substr(0, dots)) return false;
    for (std::size_t from = dots; from <= seen.size(); ++from)
        if (line_matches(seen.substr(from), wanted.substr(dots + 3))) return true;
    return false;
}
// Whether the lines are those; "..." alone stands for any number of lines.
inline bool matches(const std::vector<std::string>& seen, const std::vector<std::string>& wanted, std::size_t s = 0, std::size_t w = 0) {
    if (w == wanted.size()) return s == seen.size();
    if (wanted[w] == "...") {
        for (std::size_t from = s; from <= seen.size(); ++from)
            if (matches(seen, wanted, from, w + 1)) return true;
        return false;
    }
    return s < seen.size() && line_matches(seen[s], wanted[w]) && matches(seen, wanted, s + 1, w + 1);
}

}  // namespace docs
