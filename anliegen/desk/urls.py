"""Addresses of the desk."""

from django.urls import path

from anliegen.desk.views import call, faults, find, queue, reclassify, request, task

urlpatterns = [
    path("", queue.work, name="desk"),
    path("tasks/done", queue.done, name="desk-done"),
    path("keys/", queue.keys, name="desk-keys"),
    path("search/", find.search, name="desk-search"),
    path("suggest/persons/", find.persons, name="desk-persons"),
    path("suggest/places/", find.places, name="desk-places"),
    path("suggest/programs/", find.programs, name="desk-programs"),
    path("call/", call.note, name="desk-call"),
    path("call/questions/", call.questions, name="desk-call-questions"),
    path("call/<str:code>/done/", call.done, name="desk-call-done"),
    path("faults/", faults.overview, name="desk-faults"),
    path("faults/<str:code>/<str:node>/", faults.repair, name="desk-fault"),
    path("requests/<str:code>/", request.work_page, name="desk-request"),
    path("requests/<str:code>/files/<str:file_id>/", request.download, name="desk-file"),
    path("requests/<str:code>/reclassify/", reclassify.reclassify, name="desk-reclassify"),
    path("requests/<str:code>/<slug:verb>/", request.do, name="desk-request-do"),
    path("<str:code>/tasks/<str:step>/", task.work_page, name="desk-task"),
    path("<str:code>/tasks/<str:step>/<slug:verb>/", task.do, name="desk-task-do"),
]
