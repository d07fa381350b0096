# cmake -DOUTPUT=FILE -DFUNCTION=NAME -DROOT=DIR -DFILES="a.h;b.h" -P EmbedFiles.cmake
#
# Writes C++ that holds files: mote::cli::NAME(), in the order given. Text as literals (compilers take
# them of any length, but not each linker's string merging: every file is an array of its own), models
# byte by byte.
set(arrays)
set(rows)
set(number 0)
foreach(path IN LISTS FILES)
  if(path MATCHES "\\.tflite$")
    file(READ ${ROOT}/${path} bytes HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
    string(APPEND arrays "constexpr char kFile${number}[] = {${bytes}};\n")
    string(APPEND rows "    {\"${path}\", {kFile${number}, sizeof kFile${number}}},\n")
    math(EXPR number "${number} + 1")
    continue()
  endif()
  file(READ ${ROOT}/${path} text)
  if(text MATCHES "\\)mote_file\"")
    message(FATAL_ERROR "${path} holds the end of the literal that it is to be embedded in")
  endif()
  string(APPEND arrays "constexpr char kFile${number}[] = R\"mote_file(${text})mote_file\";\n")
  string(APPEND rows "    {\"${path}\", {kFile${number}, sizeof kFile${number} - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
set(code "#include \"cli/embedded_files.h\"\n\nnamespace mote::cli {\nnamespace {\n\n${arrays}
constexpr emit::SourceFile kFiles[] = {\n${rows}};\n\n}  // namespace\n
std::span<const emit::SourceFile> ${FUNCTION}() { return kFiles; }\n\n}  // namespace mote::cli\n")
file(WRITE ${OUTPUT} "${code}")
