// The file before anything in it is read as a command: its first line, its bytes, its continuations.
#include "util/text.h"
#include "util/tools/lint/findings.h"
#include "util/tools/lint/script.h"

namespace lint {

namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view without_end_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool is_comment(std::string_view line) {
    while (!line.empty() && is_blank(line[0])) line.remove_prefix(1);
    return line.starts_with('#');
}

void check_beginning(std::string_view text, Report& report) {
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        report.add("bom", 1, "the file is UTF-16: save it as UTF-8 without a byte order mark");
    } else if (text.starts_with(kUtf8Mark)) {
        report.add("bom", 1, "a byte order mark is in front of \"#!ipxe\": the file is not known for a script");
    } else if (!scripts::is_script(text)) {
        report.add("no-shebang", 1, "the first line is not \"#!ipxe\": the file is not known for a script");
    }
}

// `line` is a physical one, without its line end; `continues` whether it is the rest of another.
void check_line(std::string_view line, unsigned number, bool continues, bool is_last, Report& report) {
    std::string_view content = without_end_blanks(line);
    if (line.find('\0') != line.npos) report.add("bad-line", number, "there is a zero byte in the line");
    if (content.empty() || continues) return;
    if (is_comment(content)) {
        if (line.ends_with('\\') && !is_last) report.add("comment-continues", number, "the comment ends with \\: the next line is part of it");
        return;
    }
    if (content.ends_with('\\') && !line.ends_with('\\')) report.add("continuation", number, "there are blanks behind \\: the line ends here");
    std::size_t mark = line.find(" \\ ");
    if (mark != line.npos && is_comment(line.substr(mark + 3)))
        report.add("continuation", number, "there is a comment behind \\: the line ends here");
    if (line.ends_with('\\') && is_last) report.add("continuation", number, "the last line ends with \\, and nothing follows");
}

}  // namespace

void check_text(const Script& script, Report& report) {
    check_beginning(script.text, report);
    std::string_view rest = script.text;
    bool continues = false;
    std::size_t length_joined = 0;
    for (unsigned number = 1; !rest.empty(); ++number) {
        auto split = util::split_first(rest, '\n');
        rest = split.after;
        std::string_view line = split.before;
        if (line.ends_with('\r')) line.remove_suffix(1);
        check_line(line, number, continues, rest.empty(), report);
        length_joined = continues ? length_joined + line.size() : line.size();
        if (continues && length_joined > scripts::LineReader::kLongestLine) {
            report.add("bad-line", number, "the line is too long, with those that \\ joins to it: the script ends here");
            return;
        }
        continues = line.ends_with('\\');
    }
}

}  // namespace lint
