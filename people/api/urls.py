"""The routes of this room."""

from core.api.router import ResourceRouter
from people.api import views

router = ResourceRouter()
router.register("data/departments", views.DepartmentViewSet)
router.register("data/studios", views.StudioViewSet)
router.register("data/softwares", views.SoftwareViewSet)
router.register("data/hardware-items", views.HardwareItemViewSet)

urlpatterns = [
    *router.urls,
]
