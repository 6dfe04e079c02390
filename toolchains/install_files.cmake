# What `cmake --install` puts on a device besides the program. Paths below DESTDIR.

file(GLOB units ${PROJECT_SOURCE_DIR}/config/systemd/*)
if(units)
  install(FILES ${units} DESTINATION lib/systemd/system)
endif()
foreach(folder IN ITEMS examples openrc sysvinit procd)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/config/${folder})
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/config/${folder} DESTINATION share/fieldpost)
  endif()
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_BINARY_DIR}/sbom.txt DESTINATION share/doc/fieldpost)
